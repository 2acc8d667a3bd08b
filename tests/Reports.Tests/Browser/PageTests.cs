// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Reports.ECharts;
using Reports.Figures;
using Reports.Html;
using Reports.Runs;
using Reports.Sweeps;
using Reports.Tables;
using Xunit;

namespace Reports.Tests.Browser;

/// <summary>The written pages, opened in a browser: one visit per kind of report, with what every test wants to know.</summary>
public sealed class PageTests : IClassFixture<PageTests.Visits>
{
    private readonly Visits visits;

    public PageTests(Visits visits) => this.visits = visits;

    public static TheoryData<string> Kinds => ["run", "sweep", "dense"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Nothing_fails_and_nothing_is_fetched(string kind)
    {
        Assert.Empty(Texts(visits.Of(kind).GetProperty("trouble")));
        Assert.Empty(Texts(visits.Result(kind, "fetched")));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_figure_shows_marks_in_both_themes(string kind)
    {
        foreach (string theme in new[] { "light", "dark" })
        {
            Dictionary<string, int> marks = visits.Result(kind, theme).EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32());
            Assert.Equal(visits.Documents[kind].Figures.Select(f => f.Id).Order(), marks.Keys.Order());
            Assert.All(visits.Documents[kind].Figures, figure => Assert.True(marks[figure.Id] >= VisibleMarks(figure), $"{figure.Id} shows {marks[figure.Id]} marks, in {theme}"));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Long_names_stay_in_their_columns_and_paper_cuts_off_no_table(string kind)
    {
        Assert.Empty(Texts(visits.Result(kind, "overlapping")));
        Assert.Empty(Texts(visits.Result(kind, "cut")));
    }

    [Fact]
    public void Themes_change_the_page() => Assert.Equal(2, Texts(visits.Result("run", "backgrounds")).Distinct().Count());

    [Fact]
    public void Numbers_sort_by_value_in_both_directions_and_texts_by_letter()
    {
        List<LayerRow> layers = [.. Samples.Run().Layers];
        Assert.Equal(layers.Select(l => l.Cycles.ToString()).OrderBy(long.Parse), Texts(visits.Result("run", "ascending")));
        Assert.Equal(layers.Select(l => l.Cycles.ToString()).OrderByDescending(long.Parse), Texts(visits.Result("run", "descending")));
        Assert.Equal(layers.Select(l => l.Name).Order(StringComparer.Ordinal), Texts(visits.Result("run", "by_name")));
        Assert.Equal(["ascending", "descending", "ascending"], Texts(visits.Result("run", "states")));
    }

    [Fact]
    public void Classes_stand_side_by_side()
    {
        int[] widths = [.. visits.Result("run", "confusion").EnumerateArray().Select(width => width.GetInt32())];
        Assert.InRange(widths.Max(), 1, 2 * widths.Min());
    }

    [Fact]
    public void Images_have_the_pixels_that_were_given()
    {
        List<MisclassifiedImage> images = [.. Samples.Run().Misclassified];
        int[][] shown = visits.Result("run", "images").EnumerateArray().Select(i => i.EnumerateArray().Select(v => v.GetInt32()).ToArray()).ToArray();
        Assert.Equal(images.Select(i => i.Pixels.Select(p => (int)p)), shown);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Without_scripts_every_figure_has_a_still_picture(string kind)
    {
        int[] widths = visits.Result(kind, "stills").EnumerateArray().Select(w => w.GetInt32()).ToArray();
        Assert.Equal(visits.Documents[kind].Figures.Count(), widths.Length);
        Assert.All(widths, w => Assert.True(w > 0));
    }

    private static List<string> Texts(JsonElement array) => array.EnumerateArray().Select(e => e.GetString()!).ToList();

    // Bars of length 0 draw nothing; a line draws one mark besides its points; thousands of points go to a canvas, where pixels are counted.
    private static int VisibleMarks(Figure figure) => figure.Series.Sum(series => series switch
    {
        BarSeries bars => bars.Values.Count(v => v > 0),
        IntervalSeries intervals => intervals.Intervals.Count,
        ScatterSeries scatter => Math.Min(scatter.Points.Count, 1000),
        _ => 1,
    });

    /// <summary>Writes the sample reports and visits each of them once.</summary>
    public sealed class Visits : IDisposable
    {
        private const string Probe = """
            const palette = new Set(Object.values(figureOption.palettes).flat().map(c => c.toLowerCase()));
            function marks() {
              const counts = {};
              for (const element of document.querySelectorAll('.figures > figure, .explorer > figure')) {
                const box = element.querySelector('.chart, .parallel');
                let count = [...box.querySelectorAll('svg path')].filter(p => palette.has((p.getAttribute('fill') ?? '').toLowerCase()) || palette.has((p.getAttribute('stroke') ?? '').toLowerCase())).length;
                for (const canvas of box.querySelectorAll('canvas')) {
                  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
                  for (let i = 0; i < data.length; i += 4) count += data[i + 3] > 0 && Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) > 60;
                }
                counts[element.id.slice('figure-'.length)] = count;
              }
              return counts;
            }
            const background = () => getComputedStyle(document.body).backgroundColor;
            const found = { light: marks(), backgrounds: [background()] };
            document.getElementById('theme').click();
            found.dark = marks();
            found.backgrounds.push(background());
            document.getElementById('theme').click();
            found.stills = [...document.querySelectorAll('img.static')].map(i => i.naturalWidth);
            const right = e => e.getBoundingClientRect().right;
            found.overlapping = [...document.querySelectorAll('.value')].filter(v => right(v) > right(v.closest('dd')) + 1).map(v => v.textContent);
            found.fetched = performance.getEntriesByType('resource').map(r => r.name).filter(n => !n.startsWith('data:'));
            """;

        // The rules for paper, on the width between the margins of A4: 186 mm at 96 pixels an inch.
        private const string Paper = """
            for (const rule of [...document.styleSheets].flatMap(sheet => [...sheet.cssRules]).filter(rule => rule.media?.mediaText === 'print')) rule.media.mediaText = 'all';
            document.body.style.width = '703px';
            found.cut = [...document.querySelectorAll('table')].filter(t => t.offsetParent && right(t) > right(document.body) + 1).map(t => t.textContent.slice(0, 40));
            return found;
            """;

        private const string RunProbe = Probe + """
            const table = document.querySelector('#layers table');
            const headers = [...table.tHead.rows[0].cells];
            const column = name => headers.findIndex(h => h.textContent.trim() === name);
            const values = c => [...table.tBodies[0].rows].map(r => r.cells[c].dataset.value ?? r.cells[c].textContent);
            found.states = [];
            const press = c => { headers[c].querySelector('button').click(); found.states.push(headers[c].getAttribute('aria-sort')); return values(c); };
            found.ascending = press(column('cycles'));
            found.descending = press(column('cycles'));
            found.by_name = press(column('layer'));
            found.confusion = [...document.querySelectorAll('.confusion td')].map(cell => cell.offsetWidth);
            found.images = [...document.querySelectorAll('.images img')].map(image => {
              const canvas = Object.assign(document.createElement('canvas'), { width: image.naturalWidth, height: image.naturalHeight });
              const context = canvas.getContext('2d');
              context.drawImage(image, 0, 0);
              return [...context.getImageData(0, 0, canvas.width, canvas.height).data].filter((_, i) => i % 4 === 0);
            });
            """ + Paper;

        private readonly TemporaryFolder folder = new();
        private readonly Dictionary<string, JsonElement> results = [];

        public Visits()
        {
            Visit("run", RunReport.Build(Samples.Run()), RunProbe);
            Visit("sweep", SweepReport.Build(Samples.Sweep()), Probe + Paper);
            Visit("dense", Dense(), Probe + Paper);
        }

        internal Dictionary<string, ReportDocument> Documents { get; } = [];

        public void Dispose() => folder.Dispose();

        internal JsonElement Of(string kind) => results[kind];

        internal JsonElement Result(string kind, string name) => results[kind].GetProperty("result").GetProperty(name);

        private void Visit(string kind, ReportDocument document, string probe)
        {
            Documents[kind] = document;
            string page = ReportFiles.Write(document, folder.File(kind), new EChartsRenderer());
            results[kind] = HeadlessChromium.Run(page, probe, folder);
        }

        // What the other reports lack: steps, lines with gaps, error bars, and more points than fit an SVG.
        private static ReportDocument Dense()
        {
            Figure figure = new() { Id = "lines", Title = "Lines", X = new Axis { Label = "x", Scale = AxisScale.Log }, Y = new Axis { Label = "y", Scale = AxisScale.Log }, Series = [] };
            FigurePoint[] few = [new(1, 10), new(3, double.NaN), new(10, 400) { ErrorLow = 200, ErrorHigh = 500 }, new(100, 20)];
            FigurePoint[] many = Enumerable.Range(1, 20_000).Select(i => new FigurePoint(i, 1 + Math.Abs(Math.Sin(i)) * i)).ToArray();
            var wide = Table.Of(Enumerable.Range(0, 3), [.. Enumerable.Range(0, 16).Select(column => new TableColumn<int>("multiplier blocks", "bytes", row => column % 5 == 0 ? "weight_stationary" : 9_338_880L + row))]);
            return new ReportDocument
            {
                Kind = "Test",
                Title = "Figures of every kind",
                Sections =
                [
                    new ReportSection("Names",
                    [
                        new SummaryBlock([new("names", [.. new[] { "input_stationary", "8", "round_half_to_even" }.Select(name => new KeyFigure("setting", name, ""))])]),
                        new TableBlock(wide),
                    ]),
                    new ReportSection("Figures",
                    [
                        new FigureBlock(
                        [
                            figure with { Series = [new LineSeries { Name = "line", Points = few }, new StepSeries { Name = "step", Points = few }, new ScatterSeries { Name = "dots", Points = [few[0]] }] },
                            figure with { Id = "cloud", Series = [new ScatterSeries { Name = "cloud", Points = many }] },
                        ]),
                    ]),
                ],
            };
        }
    }
}
