using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>A column as the database has it. Null leaves a part to the provider, never to a convention of the model.</summary>
internal sealed record ColumnShape(string? Type = null, string? Collation = null, int? MaximumLength = null, ValueConverter? Converter = null)
{
    public void Apply<T>(PropertyBuilder<T> property, string name)
    {
        property.HasColumnName(name).IsRequired().HasConversion(Converter);
        property.Metadata.SetColumnType(Type);
        property.Metadata.SetCollation(Collation);
        property.Metadata.SetMaxLength(MaximumLength);
    }
}
