//! Where the answer goes: standard output, a device, or a file that is replaced
//! whole or not at all.

use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use same_file::Handle;
use widefinder::error::Error;

/// Writes an answer to where `Write` leads; the flag says that this is a
/// terminal.
type Render<'a> = &'a mut dyn FnMut(&mut dyn Write, bool) -> io::Result<()>;

/// Writes the answer to `path`, or to standard output without one.
pub(crate) fn write(path: Option<&Path>, render: Render<'_>) -> Result<(), Error> {
    let path = path.filter(|path| path.as_os_str() != "-");
    let (name, written) = match path {
        None => ("standard output".into(), standard_output(render)),
        Some(path) => (path.display().to_string(), named(path, render)),
    };
    written.map_err(|source| Error::Output { name, source })
}

fn standard_output(render: Render<'_>) -> io::Result<()> {
    let stdout = io::stdout();
    let terminal = stdout.is_terminal();
    let mut out = BufWriter::new(stdout.lock());
    render(&mut out, terminal)?;
    out.flush()
}

fn named(path: &Path, render: Render<'_>) -> io::Result<()> {
    // `-o /dev/stdout >> file` must append, which only the open descriptor can.
    let is = |standard: io::Result<Handle>| {
        Handle::from_path(path).is_ok_and(|named| standard.is_ok_and(|other| other == named))
    };
    if is(Handle::stdout()) {
        return standard_output(render);
    }
    match fs::metadata(path) {
        // A device or a pipe cannot be replaced, only written to.
        Ok(metadata) if !metadata.is_file() => {
            let device = File::options().write(true).open(path)?;
            let terminal = device.is_terminal();
            let mut out = BufWriter::new(device);
            render(&mut out, terminal)?;
            out.flush()
        }
        _ => replace(&target(path)?, render),
    }
}

/// Follows links, also one that leads nowhere yet, so that a link stays one.
fn target(path: &Path) -> io::Result<PathBuf> {
    /// As many as Linux follows.
    const MOST_LINKS: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&path) {
            // A relative link is relative to the folder that it lies in.
            Ok(link) => path = path.parent().unwrap_or(Path::new("")).join(link),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many links"))
}

/// Writes a temporary file that takes the place of `path` when it is whole.
fn replace(path: &Path, render: Render<'_>) -> io::Result<()> {
    let parent = path.parent().filter(|parent| *parent != Path::new(""));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".widefinder-");
    if let Some(permissions) = new_file_permissions() {
        builder.permissions(permissions);
    }
    let file = builder.tempfile_in(parent.unwrap_or(Path::new(".")))?;
    if let Ok(metadata) = fs::metadata(path) {
        if metadata.permissions().readonly() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        file.as_file().set_permissions(metadata.permissions())?;
    }
    let mut out = BufWriter::new(file);
    render(&mut out, false)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Those that any new file gets: the process's umask is applied to them.
fn new_file_permissions() -> Option<Permissions> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        Some(Permissions::from_mode(0o666))
    }
    #[cfg(not(unix))]
    None
}
