#!/usr/bin/env perl
# The first Wide Finder with MCE, the way of its own Wide Finder examples: a chunk
# of whole lines and a hash for each worker, merged at the end.
#
# usage: ask_mce.pl LOG THREADS
use strict;
use warnings;
use MCE;

my ( $log, $threads ) = @ARGV;
my %count;

MCE->new(
    input_data  => $log,
    chunk_size  => '1m',
    max_workers => $threads,
    use_slurpio => 1,
    gather      => sub {
        my ($part) = @_;
        $count{$_} += $part->{$_} for keys %$part;
    },
    user_begin => sub { $_[0]->{wf_count} = {} },
    user_func  => sub {
        my ( $mce, $chunk ) = @_;
        my $part = $mce->{wf_count};
        $part->{$1}++
          while $$chunk =~ m{GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .\n]+) [^\n]*}g;
    },
    user_end => sub { MCE->gather( $_[0]->{wf_count} ) },
)->run;

my @keys = sort { $count{$b} <=> $count{$a} || $a cmp $b } keys %count;
splice @keys, 10 if @keys > 10;
print "$_\t$count{$_}\n" for @keys;
