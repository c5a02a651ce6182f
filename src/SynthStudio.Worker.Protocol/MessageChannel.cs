using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;

namespace SynthStudio.Worker.Protocol;

/// <summary>
/// Messages over a pair of byte streams, each prefixed by its length as a varint (protobuf's own "delimited" form).
/// One reader at a time; any number of concurrent writers, whose messages never mix.
/// </summary>
/// <typeparam name="TIncoming">What is read.</typeparam>
/// <typeparam name="TOutgoing">What is written.</typeparam>
public sealed class MessageChannel<TIncoming, TOutgoing> : IDisposable
    where TIncoming : IMessage<TIncoming>, new()
    where TOutgoing : IMessage<TOutgoing>
{
    /// <summary>The largest message in bytes unless told otherwise. Data travels in files, so messages are small.</summary>
    public const int DefaultMaxMessageBytes = 4 * 1024 * 1024;

    private static readonly MessageParser<TIncoming> Parser = new(() => new TIncoming());

    private readonly PipeReader reader;
    private readonly Stream outgoing;
    private readonly int maxMessageBytes;
    private readonly SemaphoreSlim writing = new(1, 1);

    /// <param name="incoming">Read from; left open.</param>
    /// <param name="outgoing">Written to and flushed after every message; left open.</param>
    /// <param name="maxMessageBytes">Messages larger than this are refused in both directions.</param>
    public MessageChannel(Stream incoming, Stream outgoing, int maxMessageBytes = DefaultMaxMessageBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxMessageBytes);
        reader = PipeReader.Create(incoming, new StreamPipeReaderOptions(leaveOpen: true));
        this.outgoing = outgoing;
        this.maxMessageBytes = maxMessageBytes;
    }

    /// <summary>The next message, or null when the other side closed its stream between two messages.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a message, or it is larger than the limit.</exception>
    /// <exception cref="EndOfStreamException">The stream ended inside a message.</exception>
    public async ValueTask<TIncoming?> ReadAsync(CancellationToken cancellation = default)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellation);
            var buffer = result.Buffer;
            if (TryTakeMessage(ref buffer, out var message))
            {
                reader.AdvanceTo(buffer.Start);
                return message;
            }

            if (result.IsCompleted)
            {
                return buffer.IsEmpty ? default : throw new EndOfStreamException("The stream ended inside a message.");
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>Writes one message and flushes it.</summary>
    /// <exception cref="InvalidDataException">The message is larger than the limit; nothing was written.</exception>
    /// <exception cref="IOException">The other side is gone.</exception>
    public async ValueTask WriteAsync(TOutgoing message, CancellationToken cancellation = default)
    {
        var (buffer, length) = Frame(message);
        try
        {
            await writing.WaitAsync(cancellation);
            try
            {
                // A message begun is finished, cancelled or not: half a message would garble the stream for good.
                await outgoing.WriteAsync(buffer.AsMemory(0, length), CancellationToken.None);
                await outgoing.FlushAsync(CancellationToken.None);
            }
            finally
            {
                writing.Release();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Writes one message and flushes it, on the calling thread alone: for one that must not depend on the thread pool.</summary>
    /// <inheritdoc cref="WriteAsync"/>
    public void Write(TOutgoing message)
    {
        var (buffer, length) = Frame(message);
        try
        {
            writing.Wait();
            try
            {
                outgoing.Write(buffer, 0, length);
                outgoing.Flush();
            }
            finally
            {
                writing.Release();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose()
    {
        reader.Complete();
        writing.Dispose();
    }

    /// <summary>The message behind its length, in a rented buffer.</summary>
    private (byte[] Buffer, int Length) Frame(TOutgoing message)
    {
        var size = message.CalculateSize();
        RefuseTooLarge((uint)size);
        var buffer = ArrayPool<byte>.Shared.Rent(size + Varint.MaxBytes);
        var prefix = Varint.Write(buffer, (uint)size);
        message.WriteTo(buffer.AsSpan(prefix, size));
        return (buffer, prefix + size);
    }

    private bool TryTakeMessage(ref ReadOnlySequence<byte> buffer, out TIncoming? message)
    {
        message = default;
        if (!Varint.TryRead(buffer, out var size, out var prefix))
        {
            return false;
        }

        RefuseTooLarge(size);
        if (buffer.Length < prefix + size)
        {
            return false;
        }

        var content = buffer.Slice(prefix, size);
        try
        {
            message = Parser.ParseFrom(content);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException($"The bytes are not a {typeof(TIncoming).Name}.", e);
        }

        buffer = buffer.Slice(content.End);
        return true;
    }

    private void RefuseTooLarge(uint size)
    {
        if (size > maxMessageBytes)
        {
            throw new InvalidDataException($"A message of {size} bytes is over the limit of {maxMessageBytes} bytes.");
        }
    }
}
