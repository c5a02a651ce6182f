using Npgsql;
using NpgsqlTypes;

namespace SynthStudio.Api.Transfers.Postgres;

/// <summary>Which types of columns can be imported: those whose values are single ones.</summary>
internal static class ColumnTypes
{
    /// <summary>Categories of pg_type: booleans, dates, enumerations, addresses, numbers, strings, spans of time, bits.</summary>
    private const string Categories = "BDEINSTV";

    /// <summary>Of the category "user-defined", in which PostgreSQL keeps much of its own.</summary>
    private static readonly string[] Others = ["uuid", "macaddr", "macaddr8"];

    /// <exception cref="TransferException">A column is of another type.</exception>
    public static async Task CheckAsync(NpgsqlConnection connection, IReadOnlyList<(string Name, uint Type)> columns, CancellationToken cancellation)
    {
        var types = new Dictionary<uint, (string Name, char Category)>();
        await using (var command = new NpgsqlCommand("SELECT oid, format_type(oid, NULL), typcategory::text FROM pg_type WHERE oid = ANY($1)", connection))
        {
            command.Parameters.Add(new NpgsqlParameter
            {
                Value = columns.Select(column => column.Type).Distinct().ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Oid,
            });
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                types[reader.GetFieldValue<uint>(0)] = (reader.GetString(1), reader.GetString(2)[0]);
        }

        foreach (var (name, oid) in columns)
        {
            var (type, category) = types.GetValueOrDefault(oid, ("unknown", ' '));
            if (Categories.Contains(category, StringComparison.Ordinal) || Others.Contains(type)) continue;
            throw new TransferException(
                TransferReasons.ColumnUnsupported, $"The column {name} is of the type {type}, whose values are no single ones: cast it to text, take it apart, or leave it out.", name);
        }
    }
}
