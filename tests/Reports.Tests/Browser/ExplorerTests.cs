// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Reports.ECharts;
using Reports.Figures;
using Reports.Html;
using Reports.Sweeps;
using Xunit;

namespace Reports.Tests.Browser;

/// <summary>The linked views of a sweep's report, used as a person uses them: brushing, sorting, choosing, copying; with a mouse and with the keyboard.</summary>
public sealed class ExplorerTests : IClassFixture<ExplorerTests.Visits>
{
    private readonly Visits visits;

    public ExplorerTests(Visits visits) => this.visits = visits;

    private static SweepReportData Sweep => Samples.Sweep();

    [Fact]
    public void Nothing_fails_and_nothing_is_fetched()
    {
        Assert.Empty(Texts(visits.Small.GetProperty("trouble")));
        Assert.Empty(Texts(Small("fetched")));
        Assert.Empty(Texts(visits.Large.GetProperty("trouble")));
    }

    [Fact]
    public void Brushing_an_axis_keeps_what_passes_in_table_and_plots()
    {
        // The upper half of the accuracy axis.
        double low = Sweep.Points.Min(p => p.NumberOf(0)), high = Sweep.Points.Max(p => p.NumberOf(0));
        string[] expected = [.. Sweep.Points.Where(p => p.NumberOf(0) >= (low + high) / 2).Select(p => p.Id)];
        Assert.InRange(expected.Length, 1, Sweep.Points.Count - 1);
        Assert.Equal(expected, Texts(Small("brushed")));
        Assert.Equal(expected.Order(), Texts(Small("coloured")).Order());
        Assert.StartsWith($"{expected.Length} of {Sweep.Points.Count} ", Small("count").GetString());
        Assert.Equal(Sweep.Points.Count - expected.Length, Small("grey").GetInt32());
    }

    [Fact]
    public void Brushes_move_and_go_away_by_the_keyboard()
    {
        double low = Sweep.Points.Min(p => p.NumberOf(0)), high = Sweep.Points.Max(p => p.NumberOf(0));
        Assert.Equal(Sweep.Points.Count(p => p.NumberOf(0) >= low + (0.55 * (high - low))), Small("moved").GetInt32());
        Assert.Equal(Sweep.Points.Count, Small("cleared").GetInt32());
    }

    [Fact]
    public void Numbers_sort_by_value_in_both_directions()
    {
        Assert.Equal(Sweep.Points.OrderBy(p => p.NumberOf(1)).Select(p => p.Id), Texts(Small("ascending")));
        Assert.Equal(Sweep.Points.OrderByDescending(p => p.NumberOf(1)).Select(p => p.Id), Texts(Small("descending")));
        Assert.Equal(["ascending", "descending"], Texts(Small("states")));
    }

    [Fact]
    public void A_click_on_a_mark_copies_the_yaml_of_its_point_and_marks_its_row()
    {
        int row = Small("clicked").GetInt32();
        Assert.Equal(Small("aimed").GetInt32(), row);
        SweepPoint point = Sweep.Points[row];
        string[] array = point.Settings[1].Value.Text!.Split(" x ");
        string expected = $"""
            # {point.Id} of the sweep lenet-first
            # changes to lenet-mnist.yaml
            # config_sha256: {Sweep.ConfigSha256}
            accelerator:
              array:
                weight_width: {point.Settings[0].Value.Integer}
                rows: {array[0]}
                columns: {array[1]}
              accumulator:
                width: {point.Settings[2].Value.Integer}

            """;
        Assert.Equal(expected, Small("copied").GetString());
        Assert.Equal(expected, Small("copied_without_permission").GetString());
        Assert.Equal([point.Id], Texts(Small("rows_selected")));
    }

    [Fact]
    public void Hover_texts_tell_the_whole_configuration()
    {
        string hover = Small("hover").GetString()!;
        SweepPoint point = Sweep.Points[Small("aimed").GetInt32()];
        Assert.StartsWith(point.Id + "\n", hover);
        Assert.All(point.Settings, setting => Assert.Contains($"\n{setting.Name} {setting.Value.Text ?? setting.Value.Integer!.Value.ToString()}", hover));
    }

    [Fact]
    public void Arrow_keys_move_in_the_table_and_enter_chooses() => Assert.Equal(2, Small("by_keys").GetInt32());

    [Fact]
    public void A_row_of_the_decision_chooses_its_point() => Assert.Equal(Small("alternative").GetString(), Small("alternative_chosen").GetString());

    [Fact]
    public void The_recommended_point_is_shown_from_the_start() =>
        Assert.Equal(Recommendation.Of(Sweep)!.Point.Id, Sweep.Points[Small("first_chosen").GetInt32()].Id);

    [Fact]
    public void A_page_of_a_hundred_thousand_points_is_below_fifteen_megabytes() =>
        Assert.InRange(Visits.Html(Visits.Many(100_000)).Length, 1_000_000, 13_500_000);   // still figures come on top

    [Fact]
    public void Many_points_make_few_elements_and_keep_full_numbers()
    {
        JsonElement result = visits.Large.GetProperty("result");
        Assert.Equal(Visits.LargePoints, result.GetProperty("points").GetInt32());
        Assert.InRange(result.GetProperty("elements").GetInt32(), 100, 3000);
        SweepReportData data = visits.LargeData;
        Assert.Equal(data.Points.Select(p => p.NumberOf(1)).Where((_, i) => i % 997 == 0), result.GetProperty("areas").EnumerateArray().Select(v => v.GetDouble()));
        Assert.Equal(data.Points.MinBy(p => p.NumberOf(1))!.Id, result.GetProperty("least").GetString());
        Assert.True(result.GetProperty("marks").GetInt32() > 1000);
    }

    private JsonElement Small(string name) => visits.Small.GetProperty("result").GetProperty(name);

    private static List<string> Texts(JsonElement array) => array.EnumerateArray().Select(e => e.GetString()!).ToList();

    /// <summary>One visit to a small sweep and one to a large one.</summary>
    public sealed class Visits : IDisposable
    {
        internal const int LargePoints = 45_000;

        private const string Probe = """
            const found = {};
            const frames = async () => { for (let i = 0; i < 3; i++) await new Promise(done => setTimeout(done, 30)); };
            const { data, table, parallel, plots, chosen } = document.querySelector('.explorer').explorer;
            const ids = () => [...table.shown()].map(row => data.ids[row]);
            found.fetched = performance.getEntriesByType('resource').map(r => r.name).filter(n => !n.startsWith('data:'));
            found.first_chosen = chosen();
            const copies = [];
            Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: async text => { copies.push(text); } } });

            // Sorting by the column of the area, then back to the order of the sweep.
            const press = title => { const th = [...document.querySelectorAll('.virtual th')].find(h => h.querySelector('button').firstChild.textContent === title); th.querySelector('button').click(); return th.getAttribute('aria-sort'); };
            found.states = [press('area')];
            found.ascending = ids();
            found.states.push(press('area'));
            found.descending = ids();
            table.sort(-1);

            // Brushing the upper half of the accuracy axis with the mouse.
            const over = document.querySelector('.parallel .over');
            const rect = over.getBoundingClientRect();
            const axis = data.axes.findIndex(index => data.columns[index].title === 'accuracy');
            const pointer = (type, at) => over.dispatchEvent(new PointerEvent(type, { clientX: rect.left + parallel.xOf(axis), clientY: rect.top + parallel.yOf(at), bubbles: true, pointerId: 1 }));
            pointer('pointerdown', 0.5); pointer('pointermove', 0.8); pointer('pointermove', 1); pointer('pointerup', 1);
            await frames();
            found.brushed = [...table.shown()].sort((a, b) => a - b).map(row => data.ids[row]);
            found.count = document.querySelector('.count').textContent;
            const { series } = plots[0].entry.figure;
            found.coloured = series.filter(s => s.kind === 'scatter' && !s.muted && !s.ring).flatMap(s => s.rows.map(row => data.ids[row]));
            found.grey = series.find(s => s.muted).rows.length;

            // The lower end of the brush one step up, then away, with the keyboard.
            const handle = document.querySelectorAll('.handle')[2 * axis];
            handle.focus();
            const key = (target, name) => target.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
            key(handle, 'ArrowUp');
            found.moved = table.shown().length;
            key(handle, 'Escape');
            found.cleared = table.shown().length;
            await frames();

            // A click on a mark of the first plot.
            const { entry } = plots[0];
            const chart = entry.chart;
            const index = entry.figure.series.findIndex(s => s.rows.includes(7) && s.kind === 'scatter');
            const at = entry.figure.series[index].rows.indexOf(7);
            const [x, y] = chart.convertToPixel({ seriesId: 's' + index }, entry.figure.series[index].points[at]);
            found.aimed = 7;
            found.hover = figureOption.hoverText(entry.figure, 's' + index, at);
            const target = entry.box.querySelector('svg');
            const origin = target.getBoundingClientRect();
            for (const type of ['mousemove', 'mousedown', 'mouseup', 'click']) {
              target.dispatchEvent(new MouseEvent(type, { clientX: origin.left + x, clientY: origin.top + y, bubbles: true }));
            }
            await frames();
            found.clicked = chosen();
            found.copied = copies.at(-1);
            found.rows_selected = [...document.querySelectorAll('.virtual tr.selected')].map(row => row.dataset.key);

            // The same without the permission to copy.
            Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: async () => { throw new Error('not allowed'); } } });
            document.execCommand = command => { found.copied_without_permission ??= command === 'copy' ? document.activeElement.value : ''; return true; };
            document.querySelector('.point .action').click();
            await frames();

            const box = document.querySelector('.rows');
            box.focus();
            key(box, 'Home'); key(box, 'ArrowDown'); key(box, 'ArrowDown'); key(box, 'Enter');
            await frames();
            found.by_keys = [...table.shown()].indexOf(chosen());
            const other = [...document.querySelectorAll('#decision tr[data-key]')].at(-1);
            found.alternative = other.dataset.key;
            other.click();
            found.alternative_chosen = data.ids[chosen()];
            return found;
            """;

        private const string LargeProbe = """
            const { data, table, plots } = document.querySelector('.explorer').explorer;
            const area = data.columns.findIndex(column => column.title === 'area');
            for (let i = 0; i < 40; i++) await new Promise(done => setTimeout(done, 25));   // many points are drawn some at a time
            let marks = 0;
            for (const canvas of plots[0].entry.box.querySelectorAll('canvas')) {
              const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
              for (let i = 0; i < pixels.length; i += 4) marks += pixels[i + 3] > 0 && Math.max(pixels[i], pixels[i + 1], pixels[i + 2]) - Math.min(pixels[i], pixels[i + 1], pixels[i + 2]) > 40;
            }
            table.sort(area);
            return { points: data.ids.length, elements: document.querySelectorAll('*').length, areas: [...data.columns[area].numbers].filter((_, i) => i % 997 === 0), least: data.ids[table.shown()[0]], marks };
            """;

        private readonly TemporaryFolder folder = new();

        public Visits()
        {
            Small = HeadlessChromium.Run(Page("small", Sweep), Probe, folder);
            LargeData = Many(LargePoints);
            Large = HeadlessChromium.Run(Page("large", LargeData), LargeProbe, folder);
        }

        internal JsonElement Small { get; }

        internal JsonElement Large { get; }

        internal SweepReportData LargeData { get; }

        public void Dispose() => folder.Dispose();

        private string Page(string name, SweepReportData data)
        {
            string path = folder.File(name + ".html");
            File.WriteAllText(path, Html(data));
            return path;
        }

        internal static string Html(SweepReportData data) => HtmlReport.Format(SweepReport.Build(data), new PageResources { ChartScripts = EChartsFiles.PageScripts });

        // Figures that differ in every point: nothing is gained by listing each value once.
        internal static SweepReportData Many(int count)
        {
            var random = new Random(5);
            SweepReportData sample = Sweep;
            SweepPoint[] points =
            [
                .. Enumerable.Range(0, count).Select(i => sample.Points[i % sample.Points.Count] with
                {
                    Id = $"p{i + 1:000000}",
                    OnFront = i == 0,
                    Figures = [0.9 + (random.NextDouble() * 0.09), 1000 + (random.NextDouble() * 1e5), 1 + (random.NextDouble() * 1e4), (long)random.Next(1_000_000), random.NextDouble(), (long)random.Next(50_000)],
                }),
            ];
            return sample with { Points = points, Measured = count, Feasible = count };
        }
    }
}
