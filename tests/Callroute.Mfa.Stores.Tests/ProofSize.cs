namespace Callroute.Mfa.Stores.Tests;

/// <summary>
/// How long the proofs run: short by default, full with <c>CALLROUTE_PROOF=full</c>, which <c>tests/run.sh --full</c> sets.
/// </summary>
internal static class ProofSize
{
    public const int Processes = 4;
    public const int TasksPerProcess = 64;

    private static readonly Lock Lock = new();

    private static bool IsFull => Environment.GetEnvironmentVariable("CALLROUTE_PROOF") == "full";

    public static int Rounds => IsFull ? 200 : 8;

    public static int Kills => IsFull ? 20 : 1;

    /// <summary>Adds a line with the counts to <c>artifacts/proof.tsv</c>, which <c>tests/run.sh --full</c> prints.</summary>
    public static void Tell(string engine, string figures)
    {
        lock (Lock)
        {
            File.AppendAllText(
                Path.Combine(Repository.Root, "artifacts", "proof.tsv"),
                $"{TestContext.Current.TestMethod!.MethodName}\t{engine}\t{figures}\n");
        }
    }
}
