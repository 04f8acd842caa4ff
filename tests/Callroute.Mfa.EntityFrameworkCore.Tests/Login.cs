namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>A row of an application's own table.</summary>
public sealed class Login
{
    public int Id { get; set; }

    public string Name { get; set; } = "";
}
