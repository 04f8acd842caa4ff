using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>An implementation that is broken on purpose.</summary>
/// <param name="Name">The defect.</param>
/// <param name="Open">Makes one.</param>
/// <param name="Breaks">The rules that it breaks, first the one that names the defect.</param>
internal sealed record ZooMember(string Name, Func<Setup, ISignIn> Open, params string[] Breaks)
{
    /// <summary>Whether it is a race that breaks the first rule.</summary>
    public bool IsRace { get; init; }

    public string RejectedBy => Breaks[0];
}
