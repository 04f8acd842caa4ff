using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>The mapping of one column. A null part is chosen by the provider, never by a convention of the model.</summary>
internal sealed record ColumnShape(
    string? Type = null, string? Collation = null, int? MaximumLength = null, ValueConverter? Converter = null)
{
    public void Apply<T>(PropertyBuilder<T> property, string name)
    {
        property.HasColumnName(name).IsRequired().HasConversion(Converter);
        property.Metadata.SetColumnType(Type);
        property.Metadata.SetCollation(Collation);
        property.Metadata.SetMaxLength(MaximumLength);
    }
}
