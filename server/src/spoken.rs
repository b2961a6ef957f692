//! What the system, the database and readers of files say, in both languages and in plain words.

use std::io::{Error, ErrorKind};

use domain::finding::Spoken;

/// What the system says of a file.
#[must_use]
pub fn of_system(error: &Error) -> Spoken {
    let (chinese, english) = match error.kind() {
        ErrorKind::NotFound => ("它不存在", "it is not there"),
        ErrorKind::PermissionDenied => ("没有权限", "there is no permission"),
        ErrorKind::ReadOnlyFilesystem => ("所在的磁盘只读", "its disk is read-only"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => ("磁盘已满", "the disk is full"),
        ErrorKind::IsADirectory => ("它是文件夹", "it is a folder"),
        ErrorKind::NotADirectory => ("路径中有一段不是文件夹", "a part of its path is no folder"),
        ErrorKind::AlreadyExists => ("它已存在", "it is there already"),
        ErrorKind::InvalidFilename => ("文件名不可用", "its name cannot be used"),
        ErrorKind::InvalidData => ("内容已损坏", "its contents are damaged"),
        ErrorKind::UnexpectedEof => ("文件不完整", "it is cut off"),
        ErrorKind::BrokenPipe => ("接收方已关闭", "the reader is gone"),
        _ => return of_other_system(error),
    };
    Spoken::new(chinese, english)
}

fn of_other_system(error: &Error) -> Spoken {
    let code = error.raw_os_error().map(|code| format!("（系统错误 {code}）")).unwrap_or_default();
    let said = error.to_string();
    let english = said.split(" (os error").next().unwrap_or(&said).to_owned();
    Spoken::new(format!("系统不允许{code}"), english)
}

/// What a database says.
#[must_use]
pub fn of_database(error: &sqlx::Error) -> Spoken {
    let code = error.as_database_error().and_then(|error| error.code()).unwrap_or_default();
    // SQLite's result codes carry details in their higher bits; PostgreSQL's have five characters.
    let primary = code.parse::<u32>().ok().filter(|_| code.len() < 5).map(|code| code & 0xff);
    let (chinese, english) = match (primary, &*code) {
        (Some(5 | 6), _) => ("别的程序正占用它", "another program is using it"),
        (Some(8), _) | (_, "25006") => ("它是只读的", "it is read-only"),
        (Some(11), _) => ("文件已损坏，请从备份恢复", "its file is damaged, restore it from a backup"),
        (Some(13), _) | (_, "53100") => ("磁盘已满", "the disk is full"),
        (Some(14), _) => {
            ("文件打不开，请核对路径和权限", "its file cannot be opened, check the path and permissions")
        }
        (Some(26), _) => ("这个文件不是数据库", "this file is no database"),
        (_, "28P01" | "28000") => ("用户名或密码不对", "its user or password is wrong"),
        (_, "3D000") => ("没有这个数据库，请先建立", "there is no such database, make it first"),
        (_, "42501") => ("这个用户没有权限", "this user has no permission"),
        (_, "53300") => ("连接太多", "it has too many connections"),
        (_, "57P01" | "57P02" | "57P03") => ("它正在启动或停止", "it is starting or stopping"),
        _ => return of_connection(error, &code),
    };
    Spoken::new(chinese, english)
}

fn of_connection(error: &sqlx::Error, code: &str) -> Spoken {
    match error {
        sqlx::Error::Io(error) => {
            Spoken::new("连接不上，请核对地址和端口", format!("no connection, check host and port ({error})"))
        }
        sqlx::Error::PoolTimedOut => Spoken::new("连接超时", "no connection in time"),
        sqlx::Error::Tls(_) => Spoken::new("加密连接未能建立", "the encrypted connection failed"),
        sqlx::Error::Configuration(_) => Spoken::new(
            "地址写法不对，例如 postgres://用户:密码@主机/库",
            "its URL is malformed, write it like postgres://user:password@host/name",
        ),
        _ if code.is_empty() => Spoken::new("数据库内部错误", error.to_string()),
        _ => Spoken::new(format!("数据库错误 {code}"), error.to_string()),
    }
}

/// What the reader of CSV says.
#[must_use]
pub fn of_csv(error: &csv::Error) -> Spoken {
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => Spoken::new("不是 UTF-8 编码", "it is not UTF-8"),
        csv::ErrorKind::Io(error) => of_system(error),
        _ => Spoken::new("写法不对，请核对引号和逗号", error.to_string()),
    }
}

/// What another library says of a file that should be whole: its words are English.
#[must_use]
pub fn of_library(error: &dyn std::fmt::Display) -> Spoken {
    Spoken::new("内容已损坏", error.to_string())
}
