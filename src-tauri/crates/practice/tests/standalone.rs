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
    /// Starts it on a free port and reads its address from the first line that it prints.
    fn start() -> (Self, String) {
        let mut child = practice(&["--port", "0", "--pace=first=0, rate=0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let base = line.split_whitespace().next_back().unwrap();
        (Self(child), base.strip_suffix("/v1").unwrap().to_owned())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Every example of the help: its lines from `curl` on, as one.
fn examples(help: &str) -> Vec<String> {
    let joined = help.replace("\\\n", " ");
    let lines = joined.lines().filter_map(|line| line.trim().strip_prefix("curl "));
    lines.map(str::to_owned).collect()
}

/// The words of a command, as a shell parts them.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut quote, mut word) = (Vec::new(), None, String::new());
    for letter in command.chars() {
        match (quote, letter) {
            (Some(open), letter) if open == letter => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, ' ') if word.is_empty() => {}
            (None, ' ') => words.push(std::mem::take(&mut word)),
            (_, letter) => word.push(letter),
        }
    }
    words.push(word);
    words
}

/// What curl would send.
fn request(words: &[String], base: &str) -> reqwest::RequestBuilder {
    let address = words.iter().find(|word| word.starts_with("http")).unwrap();
    let address = address.replace("http://127.0.0.1:8900", base);
    let client = support::client();
    let after = |option: &'static str| {
        words.windows(2).filter(move |pair| pair[0] == option).map(|pair| pair[1].as_str())
    };
    let request = match after("-d").next() {
        Some(body) => client.post(address).body(body.to_owned()),
        None => client.get(address),
    };
    after("-H").fold(request, |request, header| {
        let (name, value) = header.split_once(": ").unwrap();
        let value = if name == "x-practice-pace" { "first=0, rate=0" } else { value };
        request.header(name, value.replace("1s", "10ms").replace("2s", "20ms"))
    })
}

/// The status that an example is to show.
fn expected(example: &str) -> u16 {
    let table = [("sk-wrong", 401), ("status=429", 429), ("insufficient_quota", 429)];
    let more = [("status=503", 503), ("html", 502)];
    let row = table.into_iter().chain(more).find(|(mark, _)| example.contains(mark));
    row.map_or(200, |(_, status)| status)
}

#[tokio::test]
async fn every_curl_example_of_the_help_works() {
    let (_, help, _) = output(&["--help"]);
    let (_running, base) = Running::start();
    let examples = examples(&help);
    assert!(examples.len() >= 20, "{} examples", examples.len());
    for example in examples {
        let mut response = request(&words(&example), &base).send().await.unwrap();
        assert_eq!(response.status(), expected(&example), "{example}");
        let mut bytes = 0;
        let broken = loop {
            match response.chunk().await {
                Ok(Some(chunk)) => bytes += chunk.len(),
                end => break end.is_err(),
            }
        };
        assert_eq!(broken, example.contains("cut="), "{example}");
        assert!(bytes > 10, "{example}");
    }
}

#[test]
fn the_help_shows_every_format_and_every_fault() {
    let (_, help, _) = output(&["--help"]);
    for card in practice::cards::CARDS {
        let line = help.lines().find(|line| line.trim_start().starts_with(card.id));
        assert!(line.is_some(), "the help is silent about {}", card.id);
    }
    for (name, base) in practice::bases("127.0.0.1:8900".parse().unwrap()) {
        let name = name.trim_start_matches("Google ");
        assert!(help.contains(name) && help.contains(&base), "the help is silent about {name}");
    }
    let unknown = practice_fault_names();
    for name in unknown.split(", ") {
        assert!(help.contains(name), "the help is silent about the fault {name}");
    }
}

/// The names of all faults, which the server lists for whoever misspells one.
fn practice_fault_names() -> String {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let practice = support::Practice::start().await;
        let request = practice.get("/models").header("x-practice-fault", "x");
        let (_, error) = support::refusal(request.send().await.unwrap()).await;
        let message = error["message"].as_str().unwrap();
        let names = message.split_once("none of ").unwrap().1;
        names.split_once(". Example").unwrap().0.to_owned()
    })
}

#[test]
fn it_prints_the_base_url_of_each_format() {
    let mut child =
        practice(&["--port", "0"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let lines: Vec<String> = lines.take(5).map(Result::unwrap).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    for (line, format) in lines.iter().zip(support::formats::FORMATS) {
        assert!(line.starts_with(format.name) && line.contains("  http://127.0.0.1:"), "{line}");
    }
    let with_version = lines.iter().filter(|line| line.ends_with("/v1")).count();
    assert_eq!((lines.len(), with_version), (5, 2));
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
