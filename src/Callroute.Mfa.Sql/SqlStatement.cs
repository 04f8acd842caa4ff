namespace Callroute.Mfa.Sql;

/// <summary>A statement whose every row begins with its own name and with the key that it was asked for.</summary>
/// <param name="Name">The verb and the table.</param>
/// <param name="Text">The SQL.</param>
internal sealed record SqlStatement(string Name, string Text);
