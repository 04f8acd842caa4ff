namespace Callroute.Mfa.Tests;

/// <summary>Finds the files of this repository, which its tests run inside of.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path below <see cref="Root"/>.</param>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot(string? folder) =>
        folder is null ? throw new DirectoryNotFoundException("The tests do not run inside the repository.")
        : File.Exists(Path.Combine(folder, "Callroute.Mfa.Core.sln")) ? folder
        : FindRoot(Path.GetDirectoryName(folder));
}
