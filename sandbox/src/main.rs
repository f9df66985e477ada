//! `cargo run -p sandbox -- --port 8787` starts the sandbox on this machine only.

use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::process::ExitCode;
use tokio::net::TcpListener;

const DEFAULT_PORT: u16 = 8787;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(port) = port(std::env::args().skip(1)) else {
        eprintln!(
            "usage: sandbox [--port PORT]    (0 picks a free port, the default is {DEFAULT_PORT})"
        );
        return ExitCode::from(2);
    };
    match run(port).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

fn port(mut arguments: impl Iterator<Item = String>) -> Option<u16> {
    let port = match arguments.next().as_deref() {
        None => return Some(DEFAULT_PORT),
        Some("--port") => arguments.next()?.parse().ok()?,
        Some(other) => other.strip_prefix("--port=")?.parse().ok()?,
    };
    arguments.next().is_none().then_some(port)
}

async fn run(port: u16) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| io::Error::new(error.kind(), format!("port {port}: {error}")))?;
    let mut stdout = io::stdout();
    writeln!(
        stdout,
        "sandbox listening on http://{}",
        listener.local_addr()?
    )?;
    // Whoever started this process waits for that line, perhaps through a pipe.
    stdout.flush()?;
    sandbox::server::serve(listener).await
}
