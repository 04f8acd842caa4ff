namespace Callroute.Mfa.Benchmarks.Results;

/// <summary>Where and how a run was made: without it no figure means anything.</summary>
/// <param name="Date">When, in UTC.</param>
/// <param name="Commit">The short hash of the commit, with <c>+</c> where files had been changed since.</param>
/// <param name="Processor">Its name.</param>
/// <param name="Cores">How many logical processors.</param>
/// <param name="System">The operating system.</param>
/// <param name="Runtime">The version of .NET.</param>
/// <param name="Job">How long was measured: <c>default</c>, or <c>guarded</c> for the short job of CI.</param>
/// <param name="Load">The load averages of 1, 5 and 15 minutes when it ended; one busy processor of its own is the benchmark's.</param>
public sealed record RunContext(DateTimeOffset Date, string Commit, string Processor, int Cores, string System, string Runtime, string Job, string Load);
