namespace Callroute.Mfa.AspNetCore.Identity.Import;

/// <summary>The commands, without the type of the users.</summary>
internal interface IIdentityMigration
{
    /// <summary>Runs a command for all users.</summary>
    /// <returns>The exit code: 0; 1 if some users failed or need attention; 2 if the command is unknown or not allowed now.</returns>
    Task<int> RunAsync(string command, TextWriter output, CancellationToken cancellationToken);
}
