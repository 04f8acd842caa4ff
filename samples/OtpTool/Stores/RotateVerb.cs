using System.CommandLine;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.OtpTool.Stores;

/// <summary><c>rotate</c>: encrypts every record under the active key.</summary>
internal sealed class RotateVerb
{
    private readonly StoreOptions _store = new();
    private readonly KeyOptions _keys = new();

    private RotateVerb()
    {
    }

    public static Command Create()
    {
        var verb = new RotateVerb();
        var command = new Command(
            "rotate",
            "Encrypt all records under the active key, so that the old keys can be removed. Users can sign in meanwhile. If it is "
            + "interrupted, run it again: it leaves the records alone that are under the active key.");
        verb._store.AddTo(command);
        verb._keys.AddTo(command);
        command.SetAction(verb.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        using var keys = _keys.Read(result);
        await using var store = await _store.OpenAsync(result, cancellationToken);
        var mfa = ToolService.Create(store.Store, new AesGcmSecretProtector(keys));
        var run = new UserRun(result);
        return await run.RunAsync(
            token => RotateAsync(mfa, run, token),
            "Keep the old keys and run this again: it leaves the records alone that are under the active key. SecretProtectionException: "
            + "no --key decrypts this record. With Data Protection, none does: call MfaService.RotateKeysAsync in the application.",
            cancellationToken);
    }

    private static async Task RotateAsync(MfaService mfa, UserRun run, CancellationToken cancellationToken)
    {
        await foreach (var rotated in mfa.RotateKeysAsync(cancellationToken))
        {
            // The probe is no user, but it too needs the old key until it is encrypted anew.
            if (rotated.Subject != ToolService.Probe || rotated.Failure is not null)
            {
                run.Tell(
                    rotated.Subject,
                    rotated.Failure is not null ? "failed" : rotated.WasChanged ? "encrypted" : "unchanged",
                    failure: rotated.Failure?.GetType().Name);
            }
        }
    }
}
