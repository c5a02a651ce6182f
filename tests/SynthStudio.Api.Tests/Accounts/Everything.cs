using System.Text;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Accounts;

/// <summary>All that the catalog holds, as one text: what is not in it is not stored.</summary>
internal static class Everything
{
    public static async Task<string> ReadAsync(SqliteDataSource database, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var tables = new List<string>();
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation)) tables.Add(reader.GetString(0));
        }

        var text = new StringBuilder();
        foreach (var table in tables)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {table}";
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                for (var i = 0; i < reader.FieldCount; i++)
                {
                    text.Append(table).Append('.').Append(reader.GetName(i)).Append('=')
                        .Append(reader.GetValue(i) is byte[] bytes ? Encoding.Latin1.GetString(bytes) : reader.GetValue(i)).Append('\n');
                }
            }
        }

        return text.ToString();
    }
}
