using System.Globalization;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>How long the proofs run: short by default, whole where <c>CALLROUTE_PROOF=full</c>, as <c>tests/run.sh --full</c> sets it.</summary>
internal static class ProofSize
{
    public const int Processes = 4;
    public const int TasksPerProcess = 64;

    private static bool IsFull => Environment.GetEnvironmentVariable("CALLROUTE_PROOF") == "full";

    public static int Rounds => IsFull ? 200 : 25;

    public static int Kills => IsFull ? 20 : 3;

    /// <summary>Writes a figure where the test runner shows it.</summary>
    public static void Tell(string engine, string text) =>
        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"{engine}: {text}"));
}
