using Callroute.Mfa.QrCode;

namespace Callroute.Mfa.Hashing.Tests.QrCode;

public sealed class QrCodeDependenciesTests
{
    [Fact]
    public void References_NetworkAndSystemDrawing_AreAbsent()
    {
        var references = typeof(QrCodeRenderer).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!).ToArray();

        Assert.Contains("QRCoder", references);
        Assert.DoesNotContain(
            references, name => name.StartsWith("System.Net", StringComparison.Ordinal) || name == "System.Drawing.Common");
    }
}
