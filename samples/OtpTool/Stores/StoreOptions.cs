using System.CommandLine;

namespace Callroute.Mfa.OtpTool.Stores;

/// <summary>The options that name a store, shared by every verb that needs one.</summary>
internal sealed class StoreOptions
{
    private readonly Option<StoreKind> _kind = ChoiceOption.Create(
        "--store",
        "What holds the records.",
        ("sqlite", StoreKind.Sqlite),
        ("postgresql", StoreKind.PostgreSql),
        ("mariadb", StoreKind.MariaDb),
        ("redis", StoreKind.Redis));

    private readonly Option<string> _connection = new("--connection")
    {
        Required = true,
        HelpName = "TEXT",
        Description = $"The connection string of its driver; it may have a password. {SecretText.Sources}",
    };

    private readonly Option<string?> _table = new("--table")
    {
        HelpName = "NAME",
        Description = "The table of the records; callroute_mfa by default. Not for Redis.",
    };

    private readonly Option<string?> _prefix = new("--key-prefix")
    {
        HelpName = "TEXT",
        Description = "The prefix of the keys in Redis; callroute:mfa: by default.",
    };

    private readonly Option<long?> _replicas = NumberOption.Create(
        "--durable-replicas", 0, 100, "N", "Redis confirms each write on its disk and on N replicas, 0 to 100; none by default.");

    public void AddTo(Command command)
    {
        _kind.Required = true;
        Array.ForEach<Option>([_kind, _connection, _table, _prefix, _replicas], command.Add);
    }

    /// <summary>Connects, and checks that the records are there. The caller disposes the store.</summary>
    /// <exception cref="InputException">There is no such store.</exception>
    public Task<OpenStore> OpenAsync(ParseResult result, CancellationToken cancellationToken) => OpenStore.OpenAsync(
        result.GetValue(_kind),
        SecretText.Read(result.GetRequiredValue(_connection), _connection.Name),
        result.GetValue(_table),
        result.GetValue(_prefix),
        (int?)result.GetValue(_replicas),
        cancellationToken);
}
