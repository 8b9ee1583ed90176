//! A server that writes down what it is sent and answers as a test wants.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// A reply in the form of an OpenAI stream.
pub const STREAM: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n\
data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Because.\"}}]}\n\n\
data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n\
data: [DONE]\n\n";

/// A request as it came over the wire.
#[derive(Debug, Clone)]
pub struct Request {
    /// The request line and the headers.
    pub head: String,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl Request {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// A listening server; it ends with the test process.
pub struct Server {
    /// Its address, such as `http://127.0.0.1:4242`.
    pub origin: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Answers every request with `reply` and closes the connection.
    pub fn saying(reply: impl Into<String>) -> Server {
        let reply = reply.into();
        Server::answering(move |stream| {
            let _ = stream.write_all(reply.as_bytes());
        })
    }

    /// Lets `answer` write to every connection once its request has been read.
    pub fn answering(answer: impl Fn(&mut TcpStream) + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("its address"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (book, answer) = (requests.clone(), Arc::new(answer));
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let (book, answer) = (book.clone(), answer.clone());
                thread::spawn(move || {
                    if let Some(request) = read(&mut stream) {
                        book.lock().expect("no holder panicked").push(request);
                        answer(&mut stream);
                    }
                });
            }
        });
        Server { origin, requests }
    }

    /// What came so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no holder panicked").clone()
    }
}

fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let mut next = [0; 4096];
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|it| it == b"\r\n\r\n") {
            break end + 4;
        }
        let count = stream.read(&mut next).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&next[..count]);
    };
    let body = bytes.split_off(end);
    let head = String::from_utf8(bytes).expect("a head is ASCII");
    let mut request = Request { head, body };
    let length = request.header("content-length").map_or(0, |it| it.parse().expect("a number"));
    while request.body.len() < length {
        let count = stream.read(&mut next).ok().filter(|count| *count > 0)?;
        request.body.extend_from_slice(&next[..count]);
    }
    Some(request)
}
