using System.IO.Pipelines;
using SynthStudio.Worker.Protocol;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Tests;

[TestClass]
public sealed class MessageChannelTests
{
    private const int Limit = 100_000;

    [TestMethod]
    public async Task Messages_come_out_as_they_went_in_and_the_end_is_null()
    {
        var stream = new MemoryStream();
        using var writer = Channel(Stream.Null, stream);
        for (var i = 0; i < 300; i++)
        {
            await writer.WriteAsync(Log(new string('x', i * 10)));
        }

        stream.Position = 0;
        using var reader = Channel(stream, Stream.Null);
        for (var i = 0; i < 300; i++)
        {
            Assert.AreEqual(i * 10, (await reader.ReadAsync())!.Log.Message.Length);
        }

        Assert.IsNull(await reader.ReadAsync());
    }

    [TestMethod]
    public async Task A_message_that_arrives_byte_by_byte_is_read_whole()
    {
        var bytes = await EncodeAsync(Log(new string('ä', 500)));
        var pipe = new Pipe();
        using var reader = Channel(pipe.Reader.AsStream(), Stream.Null);
        var read = reader.ReadAsync().AsTask();
        foreach (var value in bytes)
        {
            Assert.IsFalse(read.IsCompleted);
            await pipe.Writer.WriteAsync(new[] { value });
            await pipe.Writer.FlushAsync();
        }

        Assert.AreEqual(500, (await read)!.Log.Message.Length);
    }

    [TestMethod]
    public async Task Concurrent_writers_never_mix_their_messages()
    {
        var stream = new MemoryStream();
        using var writer = Channel(Stream.Null, stream);
        await Parallel.ForAsync(0, 500, async (i, token) =>
            await writer.WriteAsync(Log(new string((char)('a' + (i % 26)), 1 + i)), token));

        stream.Position = 0;
        using var reader = Channel(stream, Stream.Null);
        var lengths = new HashSet<int>();
        while (await reader.ReadAsync() is { } message)
        {
            Assert.HasCount(1, message.Log.Message.Distinct());
            lengths.Add(message.Log.Message.Length);
        }

        Assert.HasCount(500, lengths);
    }

    [TestMethod]
    public async Task An_end_inside_a_message_is_an_error()
    {
        var bytes = await EncodeAsync(Log("half of this is lost"));
        using var reader = Channel(new MemoryStream(bytes[..^3]), Stream.Null);

        await Assert.ThrowsExactlyAsync<EndOfStreamException>(() => reader.ReadAsync().AsTask());
    }

    [TestMethod]
    public async Task An_end_inside_a_length_is_an_error()
    {
        using var reader = Channel(new MemoryStream([0x80]), Stream.Null);

        await Assert.ThrowsExactlyAsync<EndOfStreamException>(() => reader.ReadAsync().AsTask());
    }

    [TestMethod]
    [DataRow(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, DisplayName = "a length without end")]
    [DataRow(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x7F }, DisplayName = "a length of more than 32 bits")]
    [DataRow(new byte[] { 0xFF, 0xFF, 0xFF, 0x0F }, DisplayName = "a length over the limit")]
    [DataRow(new byte[] { 0x03, 0xFF, 0xFF, 0xFF }, DisplayName = "a content that is no message")]
    public async Task Bytes_that_are_not_messages_are_refused(byte[] bytes)
    {
        using var reader = Channel(new MemoryStream(bytes), Stream.Null);

        await Assert.ThrowsExactlyAsync<InvalidDataException>(() => reader.ReadAsync().AsTask());
    }

    [TestMethod]
    public async Task A_message_over_the_limit_is_not_written()
    {
        var stream = new MemoryStream();
        using var writer = Channel(Stream.Null, stream);

        await Assert.ThrowsExactlyAsync<InvalidDataException>(() => writer.WriteAsync(Log(new string('x', Limit + 1))).AsTask());
        Assert.AreEqual(0, stream.Length);
    }

    private static MessageChannel<WorkerOutput, WorkerOutput> Channel(Stream incoming, Stream outgoing) => new(incoming, outgoing, Limit);

    private static WorkerOutput Log(string message) => new() { Log = new LogLine { Level = "debug", Message = message } };

    private static async Task<byte[]> EncodeAsync(WorkerOutput message)
    {
        var stream = new MemoryStream();
        using var writer = Channel(Stream.Null, stream);
        await writer.WriteAsync(message);
        return stream.ToArray();
    }
}
