using System.Reflection;
using System.Security.Cryptography;
using System.Xml.Linq;
using Callroute.Mfa.Execution;
using Callroute.Mfa.Operations;
using Callroute.Mfa.Records;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Core.Tests.Architecture;

public sealed class ArchitectureTests
{
    private static readonly Assembly Core = typeof(MfaService).Assembly;

    /// <summary>The folders of Core. A folder may use itself and those before it. The root, with the service, is the last.</summary>
    internal static readonly string[] Order =
    [
        "Primitives", "Otp", "Secrets", "Storage", "Telemetry", "Throttling", "Recovery", "Provisioning",
        "Contract", "Records", "Execution", "Operations", "",
    ];

    private static IEnumerable<Type> OwnTypes() =>
        Core.GetTypes().Where(t => t.Namespace?.StartsWith("Callroute.Mfa", StringComparison.Ordinal) == true);

    [Fact]
    public void Folders_OfCore_UseOnlyEarlierFolders()
    {
        var violations = FolderReferences().Where(r => Array.IndexOf(Order, r.To) > Array.IndexOf(Order, r.From));

        Assert.Empty(violations.Select(r => $"{r.From} uses {r.To}, for example in {r.Example}"));
    }

    /// <summary>The folders of Core, and the folders that each uses.</summary>
    internal static IEnumerable<(string From, string To, string Example)> FolderReferences() => (
        from type in OwnTypes()
        from used in TypeReferences.Of(type)
        where used.Assembly == Core && used.Namespace is not null
        let reference = (From: SourceFolders.Of(type), To: SourceFolders.Of(used), Example: $"{type.Name} → {used.Name}")
        where reference.From != reference.To
        select reference).DistinctBy(r => (r.From, r.To));

    [Fact]
    public void Folders_OfCore_AreTheKnownOnes() =>
        Assert.Equal(Order.Order(StringComparer.Ordinal), OwnTypes().Select(SourceFolders.Of).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Core_AtRunTime_ReferencesTheFrameworkOnly()
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "src", "Callroute.Mfa.Core", "Callroute.Mfa.Core.csproj"));
        var shared = XDocument.Load(Path.Combine(Repository.Root, "src", "Directory.Build.props"));
        var references = project.Descendants().Concat(shared.Descendants())
            .Where(e => e.Name.LocalName is "PackageReference" or "ProjectReference" or "FrameworkReference")
            .Where(e => (string?)e.Attribute("PrivateAssets") != "all");

        Assert.Empty(references);
        Assert.All(Core.GetReferencedAssemblies(), name => Assert.StartsWith("System.", name.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void Core_References_NoNetworking() =>
        Assert.DoesNotContain(Core.GetReferencedAssemblies(), name => name.Name!.Contains(".Net.", StringComparison.Ordinal));

    [Fact]
    public void InternalsOfCore_AreVisible_ToItsOwnTestsOnly()
    {
        var friends = Core.GetCustomAttributes<System.Runtime.CompilerServices.InternalsVisibleToAttribute>().Select(a => a.AssemblyName);

        Assert.Equal(["Callroute.Mfa.Core.Tests"], friends);
    }

    // One line of an application must add all of them.
    private static readonly Dictionary<string, string[]> Bundled = new(StringComparer.Ordinal)
    {
        ["Callroute.Mfa.AspNetCore.Identity"] = ["Callroute.Mfa.Argon2", "Callroute.Mfa.AspNetCore", "Callroute.Mfa.EntityFrameworkCore"],
        ["Callroute.Mfa.AspNetCore.Pages"] = ["Callroute.Mfa.AspNetCore", "Callroute.Mfa.QrCode"],
    };

    [Fact]
    public void Adapters_AmongThemselves_ReferenceCoreOnly()
    {
        var adapters = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith("Callroute.Mfa.Core.csproj", StringComparison.Ordinal));

        Assert.All(adapters, path =>
        {
            var project = XDocument.Load(path);
            var references = project.Descendants("ProjectReference")
                .Select(e => Path.GetFileNameWithoutExtension((string?)e.Attribute("Include")));
            var name = Path.GetFileNameWithoutExtension(path);
            Assert.Equal(
                Bundled.GetValueOrDefault(name, []).Append("Callroute.Mfa.Core").Order(StringComparer.Ordinal),
                references.Order(StringComparer.Ordinal));
            Assert.All(project.Descendants("InternalsVisibleTo"), e => Assert.Equal(TestsOf(name), (string?)e.Attribute("Include")));
        });
    }

    private static string TestsOf(string package) => package is "Callroute.Mfa.Argon2" or "Callroute.Mfa.Sodium" or "Callroute.Mfa.QrCode"
        ? "Callroute.Mfa.Hashing.Tests"
        : $"{package}.Tests";

    [Fact]
    public void PublicClasses_OfCore_AreSealedOrAbstract()
    {
        var open = Core.GetExportedTypes().Where(t => t is { IsClass: true, IsSealed: false, IsAbstract: false });

        Assert.Empty(open);
    }

    /// <summary>
    /// A rule gives the same decision for the same input: it uses no clock, no store and no randomness, and it does not wait.
    /// </summary>
    [Fact]
    public void StaticMethods_OfOperations_ArePure()
    {
        Type[] impure =
        [
            typeof(TimeProvider), typeof(IMfaStore), typeof(RecordTransaction), typeof(RandomId), typeof(RandomNumberGenerator),
        ];
        var rules = (
            from type in OwnTypes()
            where type.Namespace == typeof(VerifyTotp).Namespace
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly)
            where !IsAsync(method)
            select method).ToArray();

        Assert.Contains(rules, rule => rule.Name == nameof(VerifyTotp.Decide));
        Assert.Empty(
            from rule in rules
            from used in TypeReferences.Of(rule)
            where impure.Contains(used)
            select $"{rule.DeclaringType!.Name}.{rule.Name} uses {used.Name}");
    }

    [Fact]
    public void Types_OfRecords_UseNoRandomness() => Assert.Empty(
        from type in OwnTypes()
        where type.Namespace == typeof(MfaRecord).Namespace
        from used in TypeReferences.Of(type)
        where used == typeof(RandomNumberGenerator)
        select type.Name);

    private static bool IsAsync(MethodInfo method) =>
        method.ReturnType.Name is "Task`1" or "ValueTask`1" or "ValueTask" or "Task" or "IAsyncEnumerable`1";

    [Fact]
    public void Methods_OfTheService_AreTheKnownOnes()
    {
        // Only VerifyAsync, VerifyAndImportAsync, a confirmation, and the changes that take a proof and call VerifyAsync, can report that a
        // subject was verified; VerifyRememberedBrowserAsync can report that it was verified earlier. List a new method here only after
        // checking that it cannot.
        var entryPoints = new[] { typeof(MfaService), typeof(MfaImport) }
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Select(m => m.Name).Order(StringComparer.Ordinal);

        Assert.Equal(
            [
                "AcknowledgeRecoveryCodesAsync", "BeginAttempt", "BeginEnrollmentAsync", "CheckKeysAsync", "ConfirmEnrollmentAsync",
                "DisableAsync", "EndRepeatableAnswersAsync",
                "EraseAsync", "ExportAsync", "GetSignInRequirementAsync", "GetStatusAsync",
                "ImportAuthenticatorAsync", "ImportRecoveryCodesAsync", "IsConfirmedAsync",
                "RegenerateRecoveryCodesAsync", "RememberBrowserAsync", "RemoveAuthenticatorAsync", "RenameAuthenticatorAsync",
                "ResetAsync", "ResumeEnrollmentAsync",
                "RevokeKnownDevicesAsync", "RotateKeysAsync", "UnlockAsync", "VerifyAndImportAsync", "VerifyAsync",
                "VerifyRememberedBrowserAsync",
            ],
            entryPoints);
    }

    [Fact]
    public void ConfirmEnrollmentAsync_Parameters_HaveNoPlaceForASecret()
    {
        var parameters = typeof(MfaService).GetMethod(nameof(MfaService.ConfirmEnrollmentAsync))!.GetParameters().Select(p => p.Name);

        Assert.Equal(["subject", "enrollmentId", "code", "cancellationToken"], parameters);
    }
}
