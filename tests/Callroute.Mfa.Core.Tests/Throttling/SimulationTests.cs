namespace Callroute.Mfa.Core.Tests.Throttling;

/// <summary>
/// Months and years of sign-ins under the default settings, with a fake clock. docs/concepts/throttling.md has the figures.
/// </summary>
public sealed class SimulationTests
{
    private const int Year = 365;

    private static readonly TimeSpan LaterThatDay = TimeSpan.FromHours(1);

    // The most that one group of devices can check within a year, and the end by failures in a row.
    private const int OfAGroup = 151;
    private const int InARow = 100;

    /// <summary>What the guesser has besides the password and what they do, the bound of their guesses, and who acts.</summary>
    private static readonly Dictionary<string, (int Bound, Action<Simulation> Begin)> Guessers = new()
    {
        ["nothing else"] = (OfAGroup, s => Beside(s).AddGuesser(s.GuessAtSignInAsync)),
        ["nothing else; the owner does not sign in"] = (InARow, s => s.AddGuesser(s.GuessAtSignInAsync)),
        ["nothing else; an administrator calls `UnlockAsync` each month"] =
            (OfAGroup, s => Beside(s, s.UnlockAsync).AddGuesser(s.GuessAtSignInAsync)),
        ["a session, and guesses at step-ups"] = (OfAGroup, s => Beside(s).AddGuesser(s.GuessAtStepUpAsync)),
        ["a session, and guesses as proofs of changes"] = (OfAGroup, s => Beside(s).AddGuesser(s.GuessAsProofAsync)),
        ["a session of a known device, and guesses in the owner's own forms"] = (2 * OfAGroup, s => s.Add(s.GuessInTheOwnersFormAsync)),
        ["a token"] = (2 * OfAGroup, s => Beside(s).AddGuesser(s.GuessAtSignInAsync, hasToken: true)),
        ["a token, and waits twice as long, so that the owner gets in"] =
            (2 * OfAGroup, s => Beside(s).AddGuesser(s.GuessAtSignInAsync, hasToken: true, patience: 2)),
        ["a token, waits twice as long, and `UnlockAsync` each month"] =
            (2 * OfAGroup, s => Beside(s, s.UnlockAsync).AddGuesser(s.GuessAtSignInAsync, hasToken: true, patience: 2)),
        ["nothing else, and guesses recovery codes"] = (InARow, s => Beside(s).AddGuesser(s.GuessRecoveryCodeAsync)),
        ["nothing else, guesses recovery codes; the owner renews the codes each month"] =
            (OfAGroup, s => Beside(s, s.RenewRecoveryCodesAsync).AddGuesser(s.GuessRecoveryCodeAsync)),
        ["a token, guesses recovery codes; the owner renews them each month"] =
            (2 * OfAGroup, s => Beside(s, s.RenewRecoveryCodesAsync).AddGuesser(s.GuessRecoveryCodeAsync, hasToken: true)),
    };

    public static TheoryData<string> Cases => [.. Guessers.Keys];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SixtyDays_EverySignInBeginsWithATypingError_RefusesNoRightCode(bool isKnown)
    {
        var simulation = await Simulation.BeginAsync(isKnown);
        simulation.Add(simulation.Owner(typingErrors: 1));

        await simulation.RunAsync(days: 60);

        Assert.Equal((120, 0), (simulation.SignIns, simulation.Refusals));
    }

    [Theory]
    [InlineData(2, false, null)]
    [InlineData(3, false, 296)]
    [InlineData(4, false, 119)]
    [InlineData(7, false, 43)]
    [InlineData(5, true, null)]
    [InlineData(7, true, 115)]
    public async Task Year_AbandonedErrors_RefuseWhenTheyUseUpTheAllowance(int perWeek, bool isKnown, int? refusedOnDay)
    {
        var simulation = await Simulation.BeginAsync(isKnown, hasTwoPhones: true);
        simulation.Add(simulation.AbandonedErrors(perWeek));
        simulation.Add(simulation.Owner(), LaterThatDay);

        await simulation.RunAsync(Year);

        Assert.Equal(refusedOnDay, (int?)simulation.FirstRefusalOnDay);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Year_AGuesser_ChecksNoMoreThanTheBoundOfThePage(string guesser)
    {
        var (bound, begin) = Guessers[guesser];
        var simulation = await Simulation.BeginAsync();
        begin(simulation);

        await simulation.RunAsync(Year);

        Assert.InRange(simulation.Guesses, 1, bound);
        var row = $"| {guesser} | {bound} | {simulation.Guesses} | {simulation.Refusals} of {simulation.SignIns} |";
        Assert.Contains(row, Repository.Read("docs/concepts/throttling.md"), StringComparison.Ordinal);
    }

    /// <summary>An owner who signs in, and a party who acts once a month.</summary>
    private static Simulation Beside(Simulation simulation, Func<Task<TimeSpan>>? monthly = null)
    {
        simulation.Add(simulation.Owner());
        if (monthly is not null)
        {
            simulation.Add(monthly, LaterThatDay);
        }

        return simulation;
    }
}
