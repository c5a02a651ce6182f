namespace SynthStudio.Testing.Fuzzing;

/// <summary>Damages the bytes of a message below what any parser expects.</summary>
public static class ByteMutator
{
    /// <summary>The longest varint there is, one that never ends, a length beyond all memory, groups that nobody closes, field number 0.</summary>
    private static readonly byte[][] Pieces =
    [
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        [0x0a, 0xff, 0xff, 0xff, 0xff, 0x07], [0x0b, 0x0b, 0x0b, 0x0b, 0x0b], [0x0c], [0x02, 0x00], [0x0a, 0x02, 0xc3, 0x28], [0x00], [0x0f],
    ];

    /// <summary>The bytes with one to four damages.</summary>
    public static byte[] Damage(byte[] message, Random random)
    {
        for (var damages = random.Next(1, 5); damages > 0; damages--) message = DamageOnce(message, random);
        return message;
    }

    /// <summary>Bytes that are no message at all.</summary>
    public static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(200)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] DamageOnce(byte[] message, Random random)
    {
        var at = random.Next(message.Length + 1);
        var end = random.Next(at, message.Length + 1);
        switch (random.Next(7))
        {
            case 0 when message.Length > 0:
                var flipped = (byte[])message.Clone();
                flipped[random.Next(message.Length)] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 1 when message.Length > 0:
                var changed = (byte[])message.Clone();
                changed[random.Next(message.Length)] = (byte)random.Next(256);
                return changed;
            case 2:
                return message[..at];
            case 3:
                return [.. message[..at], .. message[end..]];
            case 4:
                return [.. message[..end], .. message[at..]];
            case 5:
                return [.. message[..at], .. Noise(random), .. message[at..]];
            default:
                return [.. message[..at], .. Pieces[random.Next(Pieces.Length)], .. message[at..]];
        }
    }
}
