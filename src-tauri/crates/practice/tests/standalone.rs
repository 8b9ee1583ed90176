//! The program on its own: what it prints, and that its own examples work.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod support;

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    process::{Child, Command, Output, Stdio},
};

fn practice(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_practice"));
    command.args(arguments);
    command
}

fn output(arguments: &[&str]) -> (Output, String, String) {
    let output = practice(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    (output, out, err)
}

/// A running server that ends with the test.
struct Running(Child);

impl Running {
    /// Starts it on a free port and reads the base URL that it prints.
    fn start() -> (Self, String) {
        let mut child = practice(&["--port", "0", "--pace=first=0, rate=0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        (Self(child), line.split_whitespace().next_back().unwrap().to_owned())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The part of a help example between this mark and the next one.
fn between<'a>(example: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let rest = example.split_once(open)?.1;
    Some(rest.split_once(close)?.0)
}

#[tokio::test]
async fn every_curl_example_of_the_help_works() {
    let (_, help, _) = output(&["--help"]);
    let (_running, base) = Running::start();
    let examples: Vec<String> = help
        .split("\n\n")
        .filter_map(|part| Some(part.split_once("curl ")?.1.to_owned()))
        .collect();
    assert_eq!(examples.len(), 5);
    for example in examples {
        let path = between(&example, "http://127.0.0.1:8900/v1", " ").unwrap();
        let client = support::client();
        let mut request = match between(&example, "-d '", "'") {
            Some(body) => client.post(format!("{base}{path}")).body(body.to_owned()),
            None => client.get(format!("{base}{path}")),
        };
        for header in example.split("-H \"").skip(1) {
            let (name, value) = header.split_once('"').unwrap().0.split_once(": ").unwrap();
            let unhurried = name == "x-practice-pace";
            request = request.header(name, if unhurried { "first=0, rate=0" } else { value });
        }
        let status = request.send().await.unwrap().status();
        assert_eq!(status, if example.contains("sk-wrong") { 401 } else { 200 }, "{example}");
    }
}

#[test]
fn a_busy_port_is_said_to_be_busy() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (output, out, err) = output(&["--port", &port]);
    assert_eq!((output.status.code(), out.as_str()), (Some(1), ""));
    assert!(err.contains(&format!("port {port} is in use")), "{err}");
}

#[test]
fn wrong_arguments_are_explained() {
    let table = [
        (vec!["--prot", "1"], "--prot"),
        (vec!["--port", "many"], "many"),
        (vec!["--port"], "missing argument"),
        (vec!["--pace", "fast"], "bad --pace: 'fast'"),
        (vec!["extra"], "extra"),
    ];
    for (arguments, hint) in table {
        let (output, _, err) = output(&arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(err.starts_with("practice: ") && err.contains(hint), "{arguments:?}: {err}");
    }
}
