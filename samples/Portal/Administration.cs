using Callroute.Mfa;
using Callroute.Portal.Users;

namespace Callroute.Portal;

/// <summary>
/// What an administrator does at the server's own console: <c>dotnet run --project samples/Portal -- reset ann@example.com "Lost phone;
/// passport checked"</c>.
/// </summary>
internal static class Administration
{
    /// <summary>Resets a user's MFA; their next sign-in leads to setting it up anew, and nowhere else.</summary>
    public static async Task<int> ResetAsync(IServiceProvider services, string[] args)
    {
        if (args is not [_, var email, var reason, ..] || string.IsNullOrWhiteSpace(reason))
        {
            return Fail("Usage: reset <e-mail address> <reason, for the audit trail>");
        }

        if (await services.GetRequiredService<Accounts>().FindAsync(email) is not { } user)
        {
            return Fail($"There is no user {email}.");
        }

        var result = await services.GetRequiredService<MfaService>().ResetAsync(user, reason);
        Console.WriteLine($"Reset of {email}: {result.Outcome}");
        return result.Succeeded ? 0 : 1;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 1;
    }
}
