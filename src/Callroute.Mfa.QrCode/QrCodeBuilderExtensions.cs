namespace Callroute.Mfa.QrCode;

/// <summary>Chooses the renderer of this package.</summary>
public static class QrCodeBuilderExtensions
{
    /// <summary>Draws QR codes, locally.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IMfaBuilder UseQrCodes(this IMfaBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseQrCodeRenderer(_ => new QrCodeRenderer());
    }
}
