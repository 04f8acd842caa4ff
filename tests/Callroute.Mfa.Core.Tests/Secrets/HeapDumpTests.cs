using Callroute.Mfa.Core.Tests.Execution;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;
using Microsoft.Diagnostics.NETCore.Client;

namespace Callroute.Mfa.Core.Tests.Secrets;

[Collection(nameof(HeapDumpTests))]
public sealed class HeapDumpTests
{
    private const int Users = 1000;

    private readonly Scenario _scenario = new();

    [Fact]
    public async Task SignIns_AThousandFinished_LeaveNoSecretInADumpOfTheProcess()
    {
        var secrets = new MaskedSecrets(Users + 1);
        for (var i = 0; i < Users; i++)
        {
            _scenario.User = new MfaSubject($"user-{i}");
            await EnrollAndSignInAsync(secrets);
        }

        await _scenario.Beside(protector: new HookedProtector(_scenario.Protector) { AlwaysNeedsReencryption = true }).RotateKeysAsync();

        // The search must find the one secret that is not wiped.
        using var unwiped = SharedSecret.Generate();
        secrets.Add(unwiped);

        Assert.Equal([Users], FindInDump(secrets));
    }

    private async Task EnrollAndSignInAsync(MaskedSecrets secrets)
    {
        using var offer = await _scenario.BeginAsync();
        secrets.Add(offer.Uri!.Secret);
        using var again = await _scenario.ResumeAsync(offer.EnrollmentId);
        using var phone = ProvisioningUri.Parse(again.Uri!.Reveal()).Secret;
        Assert.True((await _scenario.ConfirmAsync(offer, CodeOf(phone))).Succeeded);
        _scenario.NextCode();
        Assert.True((await _scenario.VerifyAsync(CodeOf(phone))).Succeeded);
    }

    private string CodeOf(SharedSecret phone) => Totp.Generate(phone, _scenario.Options.Parameters, _scenario.Clock.GetUtcNow());

    private static IEnumerable<int> FindInDump(MaskedSecrets secrets)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{nameof(HeapDumpTests)}-{Guid.NewGuid():N}.dmp");
        try
        {
            new DiagnosticsClient(Environment.ProcessId).WriteDump(DumpType.WithHeap, path);
            return secrets.FindIn(path);
        }
        catch (DiagnosticsClientException exception)
        {
            Assert.Skip($"This process cannot write a dump of itself: {exception.Message}");
            throw;
        }
        finally
        {
            File.Delete(path);
        }
    }
}

/// <summary>Runs alone: the whole process stands still while its dump is written.</summary>
[CollectionDefinition(nameof(HeapDumpTests), DisableParallelization = true)]
public sealed class RunsAlone;
