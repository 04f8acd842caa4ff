using Callroute.Mfa.AspNetCore.Identity.Import;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Callroute.Mfa.AspNetCore.Identity;

/// <summary>Runs the commands that move Identity's users.</summary>
public static class IdentityMfaCommandExtensions
{
    /// <summary>
    /// Runs a command if the arguments of the program begin with <c>mfa</c>: <c>import</c> moves the authenticators and the recovery codes
    /// of all users, <c>commit</c> overwrites what Identity's tables still hold of them, <c>rollback</c> takes a move back that is not
    /// committed, and <c>report</c> names the users who are not moved. Each prints its progress and the users who failed, may be stopped at
    /// any time, and may run again. Call it before <c>app.Run()</c>: <c>if (await app.RunMfaCommandAsync(args)) return;</c>
    /// </summary>
    /// <param name="app">The application. It is not started.</param>
    /// <param name="args">The arguments of the program.</param>
    /// <param name="cancellationToken">Stops after the users who are being moved now.</param>
    /// <returns>
    /// Whether a command ran, so that the program should end. The exit code is then 0, 1 if some users failed or the store does not answer,
    /// and 2 for an unknown command, or for <c>commit</c> while this application keeps Identity's rows.
    /// </returns>
    public static async Task<bool> RunMfaCommandAsync(this IHost app, string[] args, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(args);
        if (args is not ["mfa", ..])
        {
            return false;
        }

        Environment.ExitCode = await app.Services.GetRequiredService<IIdentityMigration>()
            .RunAsync(args.ElementAtOrDefault(1) ?? string.Empty, Console.Out, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
