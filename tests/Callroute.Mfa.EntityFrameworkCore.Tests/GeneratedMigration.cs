using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Migrations.Design;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>Writes a migration as <c>dotnet ef migrations add</c> does, and compiles it.</summary>
internal static class GeneratedMigration
{
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static (string Code, Assembly Assembly) Add(DbContext context, string name)
    {
        using var services = Services(context);
        var migration = services.GetRequiredService<IMigrationsScaffolder>().ScaffoldMigration(name, "Generated");
        return (migration.MigrationCode, Compile(migration.MigrationCode, migration.MetadataCode, migration.SnapshotCode));
    }

    private static ServiceProvider Services(DbContext context)
    {
        var provider = Assembly.Load(context.Database.ProviderName!);
        var designTime = provider.GetType(provider.GetCustomAttribute<DesignTimeProviderServicesAttribute>()!.TypeName)!;
        var services = new ServiceCollection().AddDbContextDesignTimeServices(context);
        ((IDesignTimeServices)Activator.CreateInstance(designTime)!).ConfigureDesignTimeServices(services);
        return services.AddEntityFrameworkDesignTimeServices().BuildServiceProvider();
    }

    private static Assembly Compile(params string[] code)
    {
        string[] usings = ["global using System;"];
        var compilation = CSharpCompilation.Create(
            $"Generated{Guid.NewGuid():N}",
            usings.Concat(code).Select(text => CSharpSyntaxTree.ParseText(text)),
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        image.Position = 0;
        return AssemblyLoadContext.Default.LoadFromStream(image);
    }
}
