namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>A statement that returns its own name in the first column of every row.</summary>
/// <param name="Name">The verb and the table.</param>
/// <param name="Format">The SQL with numbered places for parameters.</param>
internal sealed record RecordStatement(string Name, string Format);
