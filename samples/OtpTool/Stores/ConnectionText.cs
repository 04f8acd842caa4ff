namespace Callroute.Mfa.OtpTool.Stores;

/// <summary>Reads connection strings without repeating them in errors: they may have a password.</summary>
internal static class ConnectionText
{
    private const StringComparison Ignoring = StringComparison.OrdinalIgnoreCase;

    /// <exception cref="InputException">The driver does not understand the text.</exception>
    public static T Parse<T>(StoreKind kind, string text, Func<string, T> parse)
    {
        try
        {
            // A URL would be taken for the name of a server, and errors repeat such a name.
            return text.Contains("://", StringComparison.Ordinal) ? throw new FormatException() : parse(text);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException)
        {
            throw new InputException($"--connection must be a connection string such as '{ExampleOf(kind)}'.");
        }
    }

    /// <summary>Returns a message of a driver as one line, without the passwords of the connection string.</summary>
    public static string WithoutPasswords(string message, string connection) => PasswordsOf(connection)
        .Aggregate(message.ReplaceLineEndings(" "), (text, password) => text.Replace(password, "***", StringComparison.Ordinal));

    private static string ExampleOf(StoreKind kind) => kind switch
    {
        StoreKind.Sqlite => "Data Source=mfa.db",
        StoreKind.Redis => "redis.example.com:6379,user=mfa,password=…",
        StoreKind.PostgreSql => "Host=db.example.com;Database=app;Username=mfa;Password=…",
        _ => "Server=db.example.com;Database=app;User ID=mfa;Password=…",
    };

    private static IEnumerable<string> PasswordsOf(string connection) =>
        from part in connection.Split(';', ',')
        let end = part.IndexOf('=', StringComparison.Ordinal)
        where end > 0 && (part[..end].Contains("pass", Ignoring) || part[..end].Contains("pwd", Ignoring))
        let password = part[(end + 1)..].Trim().Trim('\'', '"')
        where password.Length > 0
        select password;
}
