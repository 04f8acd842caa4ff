using Callroute.Mfa.Packages.Tests.Docs.Pages;

namespace Callroute.Mfa.Packages.Tests.Docs;

/// <summary>The code of a page is the code of a file that is compiled and run, and its links have targets.</summary>
public sealed class PageTests
{
    public static TheoryData<string> Pages => [.. Page.Paths];

    [Theory]
    [MemberData(nameof(Pages))]
    public void CodeBlock_EveryOne_IsItsSource(string path)
    {
        if (Environment.GetEnvironmentVariable("CALLROUTE_UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(Path.Combine(Repository.Root, path), BlockCheck.Rewrite(Page.Read(path)));
        }

        RepositoryFiles.AssertNone(BlockCheck.FindProblems(Page.Read(path)));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Link_EveryOne_LeadsSomewhere(string path) => RepositoryFiles.AssertNone(LinkCheck.FindDeadLinks(Page.Read(path)));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Code_PathsOfTheRepository_Exist(string path) => RepositoryFiles.AssertNone(LinkCheck.FindMissingPaths(Page.Read(path)));
}
