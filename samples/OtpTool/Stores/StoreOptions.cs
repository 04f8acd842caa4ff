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
        Description = "The prefix of the keys; callroute:mfa: by default. Only for Redis.",
    };

    private readonly Option<long?> _replicas = NumberOption.Create(
        "--durable-replicas", 0, 100, "N", "Redis, and no other store, confirms each write on its disk and on N replicas, 0 to 100.");

    public void AddTo(Command command)
    {
        _kind.Required = true;
        Array.ForEach<Option>([_kind, _connection, _table, _prefix, _replicas], command.Add);
    }

    /// <summary>Connects, and checks that the records are there. The caller disposes the store.</summary>
    /// <exception cref="InputException">There is no such store, or an option is for another one.</exception>
    public Task<OpenStore> OpenAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var kind = result.GetValue(_kind);
        RefuseOptionsOfOthers(result, kind);
        return OpenStore.OpenAsync(
            kind,
            SecretText.Read(result.GetRequiredValue(_connection), _connection.Name),
            result.GetValue(_table),
            result.GetValue(_prefix),
            (int?)result.GetValue(_replicas),
            cancellationToken);
    }

    // Somebody who gives such an option means another store.
    private void RefuseOptionsOfOthers(ParseResult result, StoreKind kind)
    {
        Option[] ofOthers = kind == StoreKind.Redis ? [_table] : [_prefix, _replicas];
        if (Array.Find(ofOthers, option => result.GetResult(option) is { Implicit: false }) is { } given)
        {
            throw new InputException($"{given.Name} is {(kind == StoreKind.Redis ? "not for Redis" : "for Redis only")}.");
        }
    }
}
