using SynthStudio.Api.Formats;

namespace SynthStudio.Api.Transfers.Postgres;

/// <summary>The names that PostgreSQL has for the types of columns.</summary>
internal static class PostgresTypes
{
    public static string Of(ColumnType type) => type switch
    {
        ColumnType.Integer => "bigint",
        ColumnType.Decimal => "numeric",
        ColumnType.Double => "double precision",
        ColumnType.Boolean => "boolean",
        ColumnType.Date => "date",
        ColumnType.Timestamp => "timestamp",
        ColumnType.TimestampUtc => "timestamptz",
        ColumnType.Time => "time",
        ColumnType.Interval => "interval",
        _ => "text",
    };
}
