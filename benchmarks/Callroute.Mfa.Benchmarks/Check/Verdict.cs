namespace Callroute.Mfa.Benchmarks.Check;

/// <summary>What the check says of one limit.</summary>
internal sealed record Verdict(bool IsKept, string Text);
