// One page of every template of the shipped site, for the browser checks and the screenshots.

export const PAGES = {
  home: '',
  board: 'progress/board/',
  policy: 'policy/plan/',
  explainer: 'policy/task-4-protection/',
  guide: 'guides/pledge-financing/',
  event: 'events/world-ip-day/',
  story: 'stories/sample-pledge/',
  survey: 'surveys/awareness/',
  unit: 'units/market-regulation/',
  campaign: 'campaigns/4-26/',
  list: 'guides/',
  events: 'events/',
  taxonomy: 'units/',
  about: 'about/sitemap/',
  404: '404.html',
  'home-en': 'en/',
  'board-en': 'en/progress/board/',
};
