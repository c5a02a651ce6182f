using Grpc.Core;

namespace SynthStudio.Cli.Commands;

/// <summary>Reads lists to their end, page by page.</summary>
internal static class Pages
{
    /// <summary>Entries to ask for at once.</summary>
    public const int Size = 1000;

    /// <summary>All entries of a list.</summary>
    /// <param name="read">Asks for the page of a token; the first one's is empty.</param>
    /// <param name="entries">A page's entries.</param>
    /// <param name="next">The token of the page after it; empty for none.</param>
    public static async IAsyncEnumerable<T> ReadAsync<TPage, T>(
        Func<string, AsyncUnaryCall<TPage>> read, Func<TPage, IEnumerable<T>> entries, Func<TPage, string> next)
    {
        var token = "";
        do
        {
            var page = await read(token);
            foreach (var entry in entries(page)) yield return entry;
            token = next(page);
        }
        while (token.Length > 0);
    }
}
