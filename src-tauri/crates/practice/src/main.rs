//! The practice server on its own, for terminals, scripts and other tools.

use std::{
    io::{self, Write as _},
    net::Ipv4Addr,
    process::ExitCode,
    time::Duration,
};

use lexopt::prelude::{Long, Short, ValueExt};
use practice::{
    Manner,
    pace::{Pace, PaceError},
};
use tokio::net::TcpListener;

const HELP: &str = include_str!("help.txt");

/// How long replies that are still being made may take to end after Ctrl+C.
const FAREWELL: Duration = Duration::from_secs(1);

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0}; try --help")]
    Arguments(#[from] lexopt::Error),
    #[error("bad --pace: {0}")]
    Pace(#[from] PaceError),
    #[error("port {0} is in use by another program; choose another, or --port 0 for a free one")]
    Busy(u16),
    #[error("cannot listen on 127.0.0.1:{0}: {1}")]
    Listen(u16, io::Error),
    #[error("the server failed: {0}")]
    Serve(#[from] io::Error),
}

enum Wish {
    Help,
    Serve { port: u16, pace: Pace },
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("practice: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Failure> {
    match wish(lexopt::Parser::from_env())? {
        Wish::Help => Ok(print(HELP)?),
        Wish::Serve { port, pace } => serve(port, pace).await,
    }
}

fn wish(mut arguments: lexopt::Parser) -> Result<Wish, Failure> {
    let (mut port, mut pace) = (0, Pace::default());
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("port") => port = arguments.value()?.parse()?,
            Long("pace") => pace = pace.changed_by(&arguments.value()?.string()?)?,
            Short('h') | Long("help") => return Ok(Wish::Help),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Wish::Serve { port, pace })
}

async fn serve(port: u16, pace: Pace) -> Result<(), Failure> {
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    let listener = bound.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => Failure::Busy(port),
        _ => Failure::Listen(port, error),
    })?;
    let address = listener.local_addr()?;
    let base = |(name, base): (&str, String)| format!("{name:<24}  {base}\n");
    print(&practice::bases(address).into_iter().map(base).collect::<String>())?;
    eprintln!(
        "model practice-1; any key that begins with `practice`; --help has calls to try; Ctrl+C ends it"
    );
    tokio::select! {
        ended = practice::serve(listener, Manner { pace }, interrupted()) => Ok(ended?),
        () = farewell() => Ok(()),
    }
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Ready when Ctrl+C was pressed; never, where that cannot be heard.
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

async fn farewell() {
    interrupted().await;
    tokio::time::sleep(FAREWELL).await;
}
