namespace SynthStudio.Synthesis.Encoding;

/// <summary>
/// Looks for the shortest beginning that no key has, among those that a key's alphabets spell, in one pass and in memory that does not grow with
/// the number of keys: of each length it watches up to some hundred thousand beginnings, spread evenly, and strikes those out that it meets.
/// </summary>
/// <param name="alphabets">Characters of fresh keys by position. Only keys of that length can be met again.</param>
/// <param name="within">Beginning that the one sought must have; empty for none.</param>
internal sealed class FreshPrefixSearch(string[] alphabets, string within)
{
    private const long MostWatched = 1 << 17;

    /// <summary>Longer beginnings have more spellings than can be numbered, and are not needed.</summary>
    private const double MostSpellings = 1L << 62;

    private readonly Level[] levels = Levels(alphabets, within.Length);

    /// <summary>Length of the longest key met.</summary>
    public int Longest { get; private set; }

    /// <summary>Meets a key; it may come more than once.</summary>
    public void Add(string key)
    {
        Longest = Math.Max(Longest, key.Length);
        if (key.Length != alphabets.Length || !key.StartsWith(within, StringComparison.Ordinal)) return;
        long number = 0;
        var position = within.Length;
        foreach (var level in levels)
        {
            for (; position < level.Length; position++)
            {
                var place = alphabets[position].IndexOf(key[position], StringComparison.Ordinal);
                if (place < 0) return; // No fresh key begins like this.
                number = number * alphabets[position].Length + place;
            }

            level.Strike(number);
        }
    }

    /// <summary>The beginning; empty when every one is taken, so that fresh keys must be longer.</summary>
    public string Find()
    {
        foreach (var level in levels)
        {
            if (level.LastFree() is { } number) return Spell(number, level.Length);
        }

        return "";
    }

    private string Spell(long number, int length)
    {
        var prefix = new char[length];
        within.CopyTo(prefix);
        for (var position = length - 1; position >= within.Length; position--)
        {
            var alphabet = alphabets[position];
            prefix[position] = alphabet[(int)(number % alphabet.Length)];
            number /= alphabet.Length;
        }

        return new string(prefix);
    }

    private static Level[] Levels(string[] alphabets, int from)
    {
        var levels = new List<Level>();
        double spellings = 1;
        if (from > 0) levels.Add(new Level(from, 1));
        for (var length = from + 1; length <= alphabets.Length; length++)
        {
            spellings *= alphabets[length - 1].Length;
            if (spellings > MostSpellings) break;
            if (alphabets[length - 1].Length > 1) levels.Add(new Level(length, (long)spellings));
        }

        return [.. levels];
    }

    /// <summary>Beginnings of one length, numbered in the order of their alphabets.</summary>
    private sealed class Level(int length, long spellings)
    {
        private readonly long step = Step(spellings);
        private readonly bool[] taken = new bool[(spellings + Step(spellings) - 1) / Step(spellings)];

        public int Length => length;

        public void Strike(long number)
        {
            if (number % step == 0) taken[number / step] = true;
        }

        /// <summary>Number of the last watched beginning that was not met; null when all were.</summary>
        public long? LastFree() => Array.LastIndexOf(taken, false) is var last and >= 0 ? last * step : null;

        private static long Step(long spellings) => (spellings + MostWatched - 1) / MostWatched;
    }
}
