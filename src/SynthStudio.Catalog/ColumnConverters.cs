using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace SynthStudio.Catalog;

/// <summary>A time as microseconds since 1970: ordered, exact and the same in every database.</summary>
internal sealed class MicrosecondsConverter() : ValueConverter<DateTimeOffset, long>(time => Microseconds.From(time), value => Microseconds.ToTime(value));

/// <summary>A structured value as JSON text.</summary>
internal sealed class JsonColumnConverter<T>() : ValueConverter<T, string>(value => CatalogJson.Write(value), json => CatalogJson.Read<T>(json))
    where T : class;

/// <summary>Rows are immutable records that are never tracked: the same reference is all there is to compare.</summary>
internal sealed class ReferenceComparer<T>() : ValueComparer<T>((a, b) => ReferenceEquals(a, b), value => value!.GetHashCode(), value => value)
    where T : class;

internal static class Microseconds
{
    public static long From(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset ToTime(long value) => DateTimeOffset.UnixEpoch.AddTicks(value * TimeSpan.TicksPerMicrosecond);

    public static long From(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;
}
