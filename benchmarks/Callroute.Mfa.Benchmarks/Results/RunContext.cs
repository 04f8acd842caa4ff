namespace Callroute.Mfa.Benchmarks.Results;

/// <summary>The environment of a run. Figures cannot be compared without it.</summary>
/// <param name="Date">The date in UTC.</param>
/// <param name="Commit">The short hash of the commit, with <c>+</c> if there were uncommitted changes.</param>
/// <param name="Processor">The name.</param>
/// <param name="Cores">The number of logical processors.</param>
/// <param name="System">The operating system.</param>
/// <param name="Runtime">The version of .NET.</param>
/// <param name="Job">The kind of run: <c>default</c>, or <c>guarded</c> for the short job of CI.</param>
/// <param name="Load">The load averages of 1, 5 and 15 minutes at the end. The benchmark itself adds about 1.</param>
public sealed record RunContext(
    DateTimeOffset Date, string Commit, string Processor, int Cores, string System, string Runtime, string Job, string Load);
