using System.Reflection;
using System.Xml.Linq;
using Callroute.Mfa.Records;

namespace Callroute.Mfa.Core.Tests.Architecture;

public sealed class ArchitectureTests
{
    private static readonly Assembly Core = typeof(MfaService).Assembly;

    /// <summary>The folders by layer, lowest first. A type may use its own layer and those below.</summary>
    private static readonly string[][] Layers =
    [
        ["Otp", "Secrets", "Provisioning", "Recovery", "Throttling", "Telemetry", "Storage"],
        [],
        ["Records"],
        ["Flows"],
    ];

    /// <summary>Types of the root namespace that the concepts may use. The others are what the service is told and answers.</summary>
    private static readonly HashSet<string> Vocabulary =
    [
        "Guard", "CanonicalNumber", "CodeText", "TextGroups", "DisplayText", "RandomId", "MfaSubject", "MfaMethod", "AttemptId",
    ];

    private static string LayerOf(Type type) =>
        type.Namespace == "Callroute.Mfa" ? string.Empty : type.Namespace!.Split('.')[2];

    private static int HeightOf(Type type)
    {
        var layer = LayerOf(type);
        if (layer.Length > 0)
        {
            return Array.FindIndex(Layers, names => names.Contains(layer));
        }

        var name = Outermost(type).Name;
        return name == nameof(MfaService) ? Layers.Length : Vocabulary.Contains(name) ? 0 : 1;
    }

    private static Type Outermost(Type type) => type.DeclaringType is null ? type : Outermost(type.DeclaringType);

    private static IEnumerable<Type> OwnTypes() =>
        Core.GetTypes().Where(t => t.Namespace?.StartsWith("Callroute.Mfa", StringComparison.Ordinal) == true);

    [Fact]
    public void Types_OfEveryLayer_UseOnlyTheirOwnAndLowerLayers()
    {
        var violations = (
            from type in OwnTypes()
            from used in TypeReferences.Of(type)
            where used.Assembly == Core && used.Namespace is not null && HeightOf(used) > HeightOf(type)
            select $"{type.FullName} uses {used.FullName}").Distinct().ToArray();

        Assert.True(violations.Length == 0, string.Join('\n', violations));
    }

    [Fact]
    public void Namespaces_OfCore_AreTheKnownFolders()
    {
        var folders = OwnTypes().Select(LayerOf).Where(layer => layer.Length > 0).Distinct().Order();

        Assert.Equal(Layers.SelectMany(names => names).Order(), folders);
    }

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

    [Fact]
    public void Adapters_AmongThemselves_ReferenceCoreOnly()
    {
        var adapters = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories).Where(path => !path.EndsWith("Callroute.Mfa.Core.csproj", StringComparison.Ordinal));

        Assert.All(adapters, path =>
        {
            var project = XDocument.Load(path);
            Assert.Equal(["../Callroute.Mfa.Core/Callroute.Mfa.Core.csproj"], project.Descendants("ProjectReference").Select(e => (string?)e.Attribute("Include")));
            var name = Path.GetFileNameWithoutExtension(path);
            Assert.All(project.Descendants("InternalsVisibleTo"), e => Assert.Equal($"{name}.Tests", (string?)e.Attribute("Include")));
        });
    }

    [Fact]
    public void PublicClasses_OfCore_AreSealedOrAbstract()
    {
        var open = Core.GetExportedTypes().Where(t => t is { IsClass: true, IsSealed: false, IsAbstract: false });

        Assert.Empty(open);
    }

    [Fact]
    public void Decisions_AreFreeOf_ClocksTasksAndStores()
    {
        var impure =
            from type in OwnTypes()
            where type.Namespace == typeof(MfaRecord).Namespace
            from used in TypeReferences.Of(type)
            where used == typeof(TimeProvider) || used == typeof(Storage.IMfaStore) || used == typeof(Task) || used.Name.StartsWith("ValueTask", StringComparison.Ordinal)
            select $"{type.Name} uses {used.Name}";

        Assert.Empty(impure.Distinct());
    }

    [Fact]
    public void Methods_OfTheService_AreTheKnownOnes()
    {
        // B-06: the only ones that can say "verified" of a subject are VerifyAsync and the changes that take a proof, which
        // go through it. A new method has to be put here, and so to be thought about.
        var entryPoints = typeof(MfaService).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Select(m => m.Name).Order(StringComparer.Ordinal);

        Assert.Equal(
            [
                "AcknowledgeRecoveryCodesAsync", "BeginAttempt", "BeginEnrollmentAsync", "ConfirmEnrollmentAsync", "DisableAsync", "EraseAsync", "ExportAsync",
                "GetSignInRequirementAsync", "GetStatusAsync", "RegenerateRecoveryCodesAsync", "RemoveAuthenticatorAsync", "RotateKeysAsync", "ResetAsync",
                "ResumeEnrollmentAsync", "VerifyAsync",
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
