using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace SynthStudio.Catalog;

/// <summary>What a list is asked for: at most <paramref name="Size"/> entries that come after a place.</summary>
public readonly record struct PageRequest(int Size, PageCursor? After = null);

/// <summary>A page of a list, newest first.</summary>
/// <param name="Items">The entries.</param>
/// <param name="Next">Where the next page starts; null when there is none.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, PageCursor? Next)
{
    public Page<TOther> Select<TOther>(Func<T, TOther> map) => new([.. Items.Select(map)], Next);
}

/// <summary>A place in a list: the last entry that was seen. Stays valid when entries come and go.</summary>
public readonly record struct PageCursor(DateTimeOffset CreateTime, string Name)
{
    /// <summary>As opaque text for a client.</summary>
    public string Encode()
    {
        var bytes = new byte[8 + Encoding.UTF8.GetByteCount(Name)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Microseconds.From(CreateTime));
        Encoding.UTF8.GetBytes(Name, bytes.AsSpan(8));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The cursor in a client's text; false when the text is not one of ours.</summary>
    public static bool TryDecode(string text, out PageCursor cursor)
    {
        cursor = default;
        if (!Base64Url.IsValid(text)) return false;
        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length <= 8) return false;
        var micros = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (micros is < 0 or > 253_402_300_799_999_999) return false;
        cursor = new PageCursor(Microseconds.ToTime(micros), Encoding.UTF8.GetString(bytes.AsSpan(8)));
        return true;
    }
}

internal static class Page
{
    /// <summary>The page from a list of one entry more than asked for, if there are so many.</summary>
    public static Page<T> Of<T>(List<T> items, int size) where T : IListedRecord
    {
        if (items.Count <= size) return new Page<T>(items, null);
        items.RemoveAt(size);
        return new Page<T>(items, new PageCursor(items[^1].CreateTime, items[^1].Name));
    }
}
