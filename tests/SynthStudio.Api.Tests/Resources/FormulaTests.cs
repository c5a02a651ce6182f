using System.Text;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>Cells that a spreadsheet would run.</summary>
[TestClass]
public sealed class FormulaTests : ApiTest
{
    [TestMethod]
    [DataRow("a,b\n1,2\n", "a,b\n1,2\n")]
    [DataRow("=1+1,b\n", "'=1+1,b\n")]
    [DataRow("a\n=cmd|' /C calc'!A0\n@SUM(1)\n", "a\n'=cmd|' /C calc'!A0\n'@SUM(1)\n")]
    [DataRow("-5,+7,-1.5e-3,-x,+,-,-5a,--5\n", "-5,+7,-1.5e-3,'-x,'+,'-,'-5a,'--5\n")]
    [DataRow("\"=1,2\",\"-3\",\"-3,4\",\"a\"\"=b\"\n", "\"'=1,2\",\"-3\",\"'-3,4\",\"a\"\"=b\"\n")]
    [DataRow("\"\"\"=x\"\"\",\"\",,\"-5\"\"x\"\"\"\n", "\"\"\"=x\"\"\",\"\",,\"'-5\"\"x\"\"\"\n")]
    [DataRow("\"\ta\",\"\r\n=x\",\tb\n", "\"'\ta\",\"'\r\n'=x\",'\tb\n")]
    [DataRow("x;=HYPERLINK(1),b\n", "x;'=HYPERLINK(1),b\n", DisplayName = "Where lists are separated by semicolons")]
    [DataRow("x\t@y,\"a;\t=b\"\n", "x\t'@y,\"a;\t'=b\"\n", DisplayName = "Where they are separated by tabs")]
    [DataRow("a,\"x;=b\",\"x;\"\"=1\"\"\"\n", "a,\"x;'=b\",\"x;\"\"'=1\"\"\"\n", DisplayName = "Quotes within a cell are none to them")]
    [DataRow("a,\"x\n=1\"\n", "a,\"x\n'=1\"\n", DisplayName = "Nor are lines in quotes one cell")]
    [DataRow("x;-5,y;-z;3,;;=c,a;b\n", "x;-5,y;'-z;3,;;'=c,a;b\n", DisplayName = "Numbers stay numbers")]
    [DataRow("-5;3,-x;=y,x;+5", "'-5;3,'-x;'=y,x;+5", DisplayName = "A cell that goes on is no number")]
    [DataRow("\uff1dx,\uff21,\uff0d5,\u00e9=\n", "'\uff1dx,\uff21,'\uff0d5,\u00e9=\n")]
    [DataRow("a\r\n=b\r\n-2\r\n", "a\r\n'=b\r\n-2\r\n")]
    [DataRow("a=b, =c\n-INF,-NaN,-1,000", "a=b, =c\n'-INF,'-NaN,-1,000")]
    [DataRow("-", "'-")]
    [DataRow("", "")]
    public void Cells_that_begin_a_formula_get_an_apostrophe_and_others_stay(string csv, string defused)
    {
        var bytes = Encoding.UTF8.GetBytes(csv);
        foreach (var size in new[] { 1, 2, 3, 7, bytes.Length + 1 })
        {
            var defuser = new FormulaDefuser();
            var text = new List<byte>();
            foreach (var piece in bytes.Chunk(size)) text.AddRange(defuser.Next(piece).Span);
            text.AddRange(defuser.End().Span);
            Assert.AreEqual(defused, Encoding.UTF8.GetString([.. text]), $"In pieces of {size}.");
        }
    }

    [TestMethod]
    public void A_long_cell_that_begins_like_a_number_is_not_held()
    {
        var defuser = new FormulaDefuser();
        var long5 = Encoding.UTF8.GetBytes("-" + new string('5', 100_000));
        Assert.IsGreaterThan(99_000, defuser.Next(long5).Length);
    }

    [TestMethod]
    public async Task A_download_is_defused_when_that_is_asked_for_over_every_protocol()
    {
        var tenant = await Tenant.CreateAsync(Server);
        var rows = await Server.Worker.PutAsync("name,x\n=1+1,-5\n");
        var more = await Server.Worker.PutAsync("@a,2\n");
        var store = Server.Get<SyntheticDatasetStore>();
        var synthetic = await store.FindAsync(tenant.Synthetic, Cancellation);
        await store.UpdateAsync(synthetic! with { State = ArtifactState.Ready, Parts = [new(0, 1, rows), new(1, 1, more)] }, Cancellation);
        using var client = Server.Client(tenant.Key);
        using var http = Server.Http(tenant.Key);

        Assert.AreEqual("name,x\n=1+1,-5\n@a,2\n", await GrpcAsync(false));
        Assert.AreEqual("name,x\n'=1+1,-5\n'@a,2\n", await GrpcAsync(true));
        Assert.AreEqual("name,x\n=1+1,-5\n@a,2\n", await http.GetStringAsync($"/v1/{tenant.Synthetic}:download", Cancellation));
        Assert.AreEqual("name,x\n'=1+1,-5\n'@a,2\n", await http.GetStringAsync($"/v1/{tenant.Synthetic}:download?defuseFormulas=true", Cancellation));

        async Task<string> GrpcAsync(bool defuse)
        {
            using var call = client.Synthetics.DownloadSyntheticDataset(
                new() { Name = tenant.Synthetic, DefuseFormulas = defuse }, cancellationToken: Cancellation);
            var text = new StringBuilder();
            while (await call.ResponseStream.MoveNext(Cancellation)) text.Append(call.ResponseStream.Current.Data.ToStringUtf8());
            return text.ToString();
        }
    }
}
