namespace Callroute.Mfa.Tests;

/// <summary>Finds the programs of this repository, built in the configuration of the running tests.</summary>
internal static class BuiltProgram
{
    private static readonly DirectoryInfo Configuration = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

    /// <summary>The path of the program, for <c>dotnet</c>. A project reference without output builds it before the tests.</summary>
    public static string Of(string project) =>
        Path.Combine(Configuration.Parent!.Parent!.FullName, project, Configuration.Name, $"{project}.dll");
}
