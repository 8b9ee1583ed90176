use super::*;

/// Every kind; the match fails to compile when one is added and not listed.
fn kinds() -> Vec<ErrorKind> {
    use ErrorKind::*;
    let next = |kind| match kind {
        BadRequest => Some(ContextTooLong),
        ContextTooLong => Some(WrongKey),
        WrongKey => Some(NoKey),
        NoKey => Some(UnusableKey),
        UnusableKey => Some(Forbidden),
        Forbidden => Some(NotFound),
        NotFound => Some(TooLarge),
        TooLarge => Some(NoCredit),
        NoCredit => Some(RateLimited),
        RateLimited => Some(ServerError),
        ServerError => Some(OtherStatus),
        OtherStatus => Some(Redirect),
        Redirect => Some(Refused),
        Refused => Some(NoSuchHost),
        NoSuchHost => Some(Tls),
        Tls => Some(Connection),
        Connection => Some(ConnectTimeout),
        ConnectTimeout => Some(FirstByteTimeout),
        FirstByteTimeout => Some(IdleTimeout),
        IdleTimeout => Some(Cut),
        Cut => Some(NotAnApi),
        NotAnApi => Some(Unreadable),
        Unreadable => Some(Empty),
        Empty => Some(FrameTooLarge),
        FrameTooLarge => Some(InStream),
        InStream => None,
    };
    std::iter::successors(Some(BadRequest), |&kind| next(kind)).collect()
}

#[test]
fn every_kind_is_explained_in_sentences() {
    for kind in kinds() {
        let rows: Vec<_> = EXPLANATIONS.iter().filter(|row| row.kind == kind).collect();
        assert_eq!(rows.len(), 1, "{kind:?}");
        assert!(!rows[0].title.ends_with('.'), "{kind:?}: a title is no sentence");
        for sentence in [rows[0].meaning, rows[0].advice] {
            assert!(sentence.ends_with('.'), "{kind:?}: {sentence}");
        }
    }
}

#[test]
fn each_shape_of_error_body_yields_the_providers_words() {
    for body in [
        r#"{"error":{"message":"no","type":"t","code":null,"param":null}}"#,
        r#"{"type":"error","error":{"type":"t","message":"no"},"request_id":"r"}"#,
        r#"{"error":{"code":400,"message":"no","status":"t"}}"#,
        r#"[{"error":{"code":400,"message":"no","status":"t"}}]"#,
        r#"{"error":"no"}"#,
        r#"{"code":"invalid","error":"no"}"#,
        r#"{"object":"error","message":"no","type":"t"}"#,
        r#"{"detail":"no"}"#,
        r#"{"detail":[{"loc":["body"],"msg":"no","type":"x"}]}"#,
        r#"{"message":"no"}"#,
        "no",
    ] {
        assert_eq!(ErrorBody::read(body).message.as_deref(), Some("no"), "{body}");
    }
}

#[test]
fn a_status_and_a_body_choose_the_explanation() {
    let quota =
        r#"{"error":{"message":"m","type":"insufficient_quota","code":"insufficient_quota"}}"#;
    let context = r#"{"error":{"message":"m","code":"context_length_exceeded"}}"#;
    for (status, body, kind) in [
        (400, "{}", ErrorKind::BadRequest),
        (400, context, ErrorKind::ContextTooLong),
        (400, r#"{"code":"x","error":"Incorrect API key provided."}"#, ErrorKind::WrongKey),
        (401, "{}", ErrorKind::WrongKey),
        (401, "<html>", ErrorKind::NotAnApi),
        (402, "{}", ErrorKind::NoCredit),
        (403, "{}", ErrorKind::Forbidden),
        (404, "", ErrorKind::NotFound),
        (404, "<!doctype html>", ErrorKind::NotAnApi),
        (413, "{}", ErrorKind::TooLarge),
        (418, "teapot", ErrorKind::OtherStatus),
        (422, r#"{"detail":"x"}"#, ErrorKind::BadRequest),
        (429, "{}", ErrorKind::RateLimited),
        (429, quota, ErrorKind::NoCredit),
        (500, "<html>", ErrorKind::ServerError),
        (529, "{}", ErrorKind::ServerError),
        (307, "", ErrorKind::Redirect),
    ] {
        let error = ApiError::from_response(status, &[], body.as_bytes());
        assert_eq!((error.kind, error.status), (kind, Some(status)), "{status} {body}");
    }
}

#[test]
fn a_key_that_the_server_echoes_is_masked_everywhere() {
    let key = "sk-echoed-0123456789";
    let body = format!(
        r#"{{"error":{{"message":"{key}","type":"{key}","code":"{key}","param":"{key}"}}}}"#
    );
    let mut error = ApiError::from_response(401, &[], body.as_bytes());
    error.scrub(key);
    assert!(!format!("{error:?}").contains(key), "{error:?}");
}
