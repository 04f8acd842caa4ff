namespace Callroute.Mfa.Benchmarks.Check;

/// <summary>The result of the check for one limit.</summary>
internal sealed record Verdict(bool IsKept, string Text);
