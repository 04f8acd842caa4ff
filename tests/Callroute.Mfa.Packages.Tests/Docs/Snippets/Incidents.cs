using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Packages.Tests.Docs.Snippets;

internal static class Incidents
{
    public static async Task<MfaChangeOutcome> ResetAsync(MfaService mfa, MfaSubject alice)
    {
        // <reset>
        var reset = await mfa.ResetAsync(alice, reason: "identity proved at the help desk, ticket 4711");
        // </reset>
        return reset.Outcome;
    }

    public static async Task<MfaChangeOutcome> UnlockAsync(MfaService mfa, MfaSubject alice)
    {
        // <unlock>
        var unlocked = await mfa.UnlockAsync(alice, reason: "called back at the number on file, ticket 4712");
        // </unlock>
        return unlocked.Outcome;
    }

    public static async Task<int> ResetAllAsync(MfaService mfa, IMfaStoreScan store)
    {
        // <reset-all>
        var failed = 0;
        await foreach (var subject in store.ScanAsync())
        {
            try
            {
                var reset = await mfa.ResetAsync(subject, reason: "keys were stolen, incident 12");
                failed += reset.Succeeded ? 0 : 1;
                Console.WriteLine($"{subject.UserId}: {reset.Outcome}");
            }
            catch (Exception exception)
            {
                failed++;
                Console.WriteLine($"{subject.UserId}: {exception.GetType().Name}");
            }
        }
        // </reset-all>
        return failed;
    }
}
