//! A merge-join: two sorted streams, each made by a generator of its own, meet
//! in a third that captures both handles and reads each of them once.
//!
//! Nothing is held but one customer, and one order that belongs to a later one;
//! neither stream is ever in memory as a whole, and both producers work ahead of
//! the join by their buffers and no further.
//!
//! ```text
//! cargo run --release -p engine --example merge_join
//! ```

use engine::{Handle, Scope};

#[derive(Clone, PartialEq, Eq, Debug)]
struct Customer {
    id: u32,
    name: String,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Order {
    customer: u32,
    cents: u64,
}

/// What a customer has ordered; nothing is an answer too.
#[derive(PartialEq, Eq, Debug)]
struct Account {
    name: String,
    orders: usize,
    cents: u64,
}

const CUSTOMERS: u32 = 20_000;

/// Every third id was never given to anybody.
fn customers<'scope>(s: &Scope<'scope, '_>) -> Handle<'scope, Customer> {
    s.stage("customers").buffer(64).generate(|out| {
        for id in (0..CUSTOMERS).filter(|id| id % 3 != 2) {
            let name = format!("customer {id}");
            out.put(Customer { id, name })?;
        }
        Ok(())
    })
}

/// A customer has ordered 0 to 4 times; some orders belong to no customer.
fn orders<'scope>(s: &Scope<'scope, '_>) -> Handle<'scope, Order> {
    s.stage("orders").buffer(64).generate(|out| {
        for customer in 0..CUSTOMERS {
            for n in 0..customer % 5 {
                let cents = u64::from(customer % 100 * 10 + n);
                out.put(Order { customer, cents })?;
            }
        }
        Ok(())
    })
}

/// Adds up the orders of each customer. Both streams must be sorted by the
/// customer's id, and the ids of customers must be unique.
fn join<'scope>(
    s: &Scope<'scope, '_>,
    customers: Handle<'scope, Customer>,
    orders: Handle<'scope, Order>,
) -> Handle<'scope, Account> {
    s.stage("join").buffer(64).generate(move |out| {
        let mut orders = orders.peekable();
        for Customer { id, name } in customers {
            // Of ids that no customer has.
            while orders.next_if(|order| order.customer < id).is_some() {}
            let mut account = Account {
                name,
                orders: 0,
                cents: 0,
            };
            while let Some(order) = orders.next_if(|order| order.customer == id) {
                account.orders += 1;
                account.cents += order.cents;
            }
            out.put(account)?;
        }
        Ok(())
    })
}

fn main() {
    let (accounts, report) = engine::scope(|s| {
        let accounts = join(&s, customers(&s), orders(&s));
        (accounts.collect::<Vec<_>>(), s.report())
    });
    print!("{report}");

    // The same from a formula, customer by customer.
    let expected = (0..CUSTOMERS).filter(|id| id % 3 != 2).map(|id| {
        let (orders, each) = (u64::from(id % 5), u64::from(id % 100 * 10));
        Account {
            name: format!("customer {id}"),
            orders: orders as usize,
            cents: orders * each + (0..orders).sum::<u64>(),
        }
    });
    assert!(accounts.iter().eq(&expected.collect::<Vec<_>>()));

    let cents: u64 = accounts.iter().map(|account| account.cents).sum();
    let idle = accounts
        .iter()
        .filter(|account| account.orders == 0)
        .count();
    println!(
        "{} accounts, {idle} without an order, {}.{:02} in all",
        accounts.len(),
        cents / 100,
        cents % 100
    );

    // Whoever wants only the first few stops all three stages by dropping the
    // handle: neither stream is read to its end.
    let (first, report) = engine::scope(|s| {
        let first: Vec<_> = join(&s, customers(&s), orders(&s)).take(2).collect();
        (first, s.report())
    });
    assert_eq!(first, accounts[..2]);
    assert!(report.stages().iter().all(|stage| stage.items < 1000));
}
